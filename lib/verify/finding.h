// Evidence of damage or tampering, with stable names. A Finding is never an
// Error ("could not look") and never a Note ("worth knowing").
// Names and meanings: authseal-verify(1), FINDINGS.
#ifndef AUTHSEAL_VERIFY_FINDING_H_
#define AUTHSEAL_VERIFY_FINDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/types.h"

namespace authseal {

enum class FindingKind {
  kFileMissing,
  kFileUnexpected,
  kFrameCorrupt,
  kTrailingBytes,
  kSeekTableMismatch,
  kHeaderInvalid,
  kHeaderSignatureInvalid,
  kChainBroken,
  kStoredHashMismatch,
  kLeafMismatch,
  kCountMismatch,
  kSealInvalid,
  kSealMissing,
  kSealReadbackMismatch,
  kEpochGap,
  kEpochKeyMismatch,
  kGenesisMismatch,
  kKeyChanged,
  kOriginChanged,
  kCheckpointInvalid,
  kRootMismatch,
  kRollback,
  kFork,
  kIndexMismatch,
  kProofInvalid,
  kRecordMismatch,
  kManifestMismatch,
};

std::string_view FindingName(FindingKind kind);  // "chain-broken"

struct Finding {
  FindingKind kind = FindingKind::kFrameCorrupt;
  std::string file;  // path below the target, '/' between parts
  std::optional<std::uint64_t> offset_bytes;  // in the file
  std::optional<std::uint64_t> block;         // in the segment, from 0
  std::optional<RecordRange> records;         // that are affected
  std::string text;  // one sentence for a person; not escaped yet
};

struct Note {
  std::string_view name;  // "torn-tail", static storage
  std::string file;
  std::string text;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_FINDING_H_
