// epochs.txt beside the records: each record's epoch has its seal record, and
// that is in the tree. Private to lib/verify.
#ifndef AUTHSEAL_VERIFY_BUNDLE_EPOCHS_H_
#define AUTHSEAL_VERIFY_BUNDLE_EPOCHS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/line_reader.h"
#include "lib/verify/report.h"

namespace authseal {

// Walks the lines once while record numbers grow. Everything outlives this.
class BundleEpochs {
 public:
  BundleEpochs(const ReadableFile& file, const Checkpoint& checkpoint,
               FindingList& findings);

  // Goes on to the epoch of `record`, which is not below the one before. Adds
  // epoch-gap when no line has it (once a gap) or a line passed over has no
  // record, proof-invalid where a line is wrong. Errors: kIo.
  Status See(std::uint64_t record);
  // The lines that are left have no record.
  Status Finish();

  std::uint64_t proven() const { return proven_; }
  // Of the proven ones.
  const std::vector<ReopenedEpoch>& reopened() const { return reopened_; }

 private:
  Status Advance();
  void CheckLine(std::string_view text);
  void AddFinding(FindingKind kind, std::string_view text);

  LineReader reader_;
  const Checkpoint& checkpoint_;
  FindingList& findings_;
  std::optional<RecordRange> current_;  // none before the first, after the last
  bool current_seen_ = false;
  bool at_end_ = false;
  bool gap_reported_ = false;
  std::uint64_t end_ = 0;  // of the segment before
  std::uint64_t proven_ = 0;
  std::vector<ReopenedEpoch> reopened_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BUNDLE_EPOCHS_H_
