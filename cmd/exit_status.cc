#include "cmd/exit_status.h"

namespace authseal {

ExitStatus ExitStatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
      return ExitStatus::kUsage;
    case ErrorCode::kNotArchive:
      return ExitStatus::kNotArchive;
    case ErrorCode::kLocked:
      return ExitStatus::kLocked;
    case ErrorCode::kKey:
      return ExitStatus::kKey;
    case ErrorCode::kNewerVersion:
      return ExitStatus::kNewerVersion;
    case ErrorCode::kDamaged:
      return ExitStatus::kFindings;
    case ErrorCode::kIo:
      return ExitStatus::kIo;
    case ErrorCode::kTemporary:
      return ExitStatus::kTemporary;
    case ErrorCode::kInternal:
      return ExitStatus::kInternal;
  }
  return ExitStatus::kInternal;
}

}  // namespace authseal
