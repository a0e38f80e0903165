#include "lib/verify/finding.h"

namespace authseal {

std::string_view FindingName(FindingKind kind) {
  switch (kind) {
    case FindingKind::kFileMissing:
      return "file-missing";
    case FindingKind::kFileUnexpected:
      return "file-unexpected";
    case FindingKind::kFrameCorrupt:
      return "frame-corrupt";
    case FindingKind::kTrailingBytes:
      return "trailing-bytes";
    case FindingKind::kSeekTableMismatch:
      return "seek-table-mismatch";
    case FindingKind::kHeaderInvalid:
      return "header-invalid";
    case FindingKind::kHeaderSignatureInvalid:
      return "header-signature-invalid";
    case FindingKind::kChainBroken:
      return "chain-broken";
    case FindingKind::kStoredHashMismatch:
      return "stored-hash-mismatch";
    case FindingKind::kLeafMismatch:
      return "leaf-mismatch";
    case FindingKind::kCountMismatch:
      return "count-mismatch";
    case FindingKind::kSealInvalid:
      return "seal-invalid";
    case FindingKind::kSealMissing:
      return "seal-missing";
    case FindingKind::kSealReadbackMismatch:
      return "seal-readback-mismatch";
    case FindingKind::kEpochGap:
      return "epoch-gap";
    case FindingKind::kEpochKeyMismatch:
      return "epoch-key-mismatch";
    case FindingKind::kGenesisMismatch:
      return "genesis-mismatch";
    case FindingKind::kKeyChanged:
      return "key-changed";
    case FindingKind::kOriginChanged:
      return "origin-changed";
    case FindingKind::kCheckpointInvalid:
      return "checkpoint-invalid";
    case FindingKind::kRootMismatch:
      return "root-mismatch";
    case FindingKind::kRollback:
      return "rollback";
    case FindingKind::kFork:
      return "fork";
    case FindingKind::kIndexMismatch:
      return "index-mismatch";
    case FindingKind::kProofInvalid:
      return "proof-invalid";
    case FindingKind::kRecordMismatch:
      return "record-mismatch";
    case FindingKind::kManifestMismatch:
      return "manifest-mismatch";
  }
  return "unknown";
}

}  // namespace authseal
