// The records of a bundle, each with its proof, streamed side by side.
// Private to lib/verify.
#ifndef AUTHSEAL_VERIFY_BUNDLE_RECORDS_H_
#define AUTHSEAL_VERIFY_BUNDLE_RECORDS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/report.h"

namespace authseal {

// Beyond this many separate ranges proven records are only counted.
inline constexpr std::size_t kTrustworthyRangesMax = std::size_t{1} << 20;

struct BundleRecordFiles {
  const ReadableFile* records = nullptr;
  const ReadableFile* proofs = nullptr;
  const ReadableFile* epochs = nullptr;  // none: not checked
};

struct BundleRecordsResult {
  CheckCount records;
  std::uint64_t epochs = 0;  // proven ones
  std::vector<ReopenedEpoch> reopened;
  std::vector<RecordRange> trustworthy;
  bool ranges_omitted = false;
};

// Proves each record, and the seal record of its epoch, in the tree of
// `checkpoint`; without one only counts. Adds record-mismatch, proof-invalid,
// count-mismatch and epoch-gap to `findings`. `progress` may be empty; it is
// given bytes of the files here. Errors: kIo.
Result<BundleRecordsResult> CheckBundleRecords(
    const BundleRecordFiles& files, const std::optional<Checkpoint>& checkpoint,
    const std::function<void(const VerifyProgress&)>& progress,
    FindingList& findings);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BUNDLE_RECORDS_H_
