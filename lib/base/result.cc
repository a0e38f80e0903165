#include "lib/base/result.h"

namespace authseal {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid-argument";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kAlreadyExists:
      return "already-exists";
    case ErrorCode::kNotArchive:
      return "not-archive";
    case ErrorCode::kLocked:
      return "locked";
    case ErrorCode::kKey:
      return "key";
    case ErrorCode::kNewerVersion:
      return "newer-version";
    case ErrorCode::kDamaged:
      return "damaged";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kTemporary:
      return "temporary";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace authseal
