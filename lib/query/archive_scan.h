// Reads the records of an archive in order, checked: each frame against its
// header, each header under its segment's footer or a commit signature, each
// footer under the key that descends from archive.note. What fails is a
// finding and is never handed on. Records are hashed where one of their block
// may be an answer. See authseal-query(1), READING IS CHECKING.
// Where a segment has an index that helps, only the blocks it chooses are
// looked at, and their headers are those the index names.
//
// Blocks are decoded and looked at on several threads; what was made of them
// is consumed in archive order on the calling thread, with bounded memory.
#ifndef AUTHSEAL_QUERY_ARCHIVE_SCAN_H_
#define AUTHSEAL_QUERY_ARCHIVE_SCAN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/index/block_selection.h"
#include "lib/query/index_counter.h"
#include "lib/verify/report.h"

namespace authseal {

// One checked block; views are valid during the call only.
struct ScannedBlock {
  const BlockHeader& header;
  const std::vector<std::string_view>& records;  // of the whole block
  const std::vector<Hash>& leaves;
  bool sealed = false;
};

// What an evaluator made of one block.
class BlockResult {
 public:
  virtual ~BlockResult() = default;
};

// One a thread.
class BlockEvaluator {
 public:
  virtual ~BlockEvaluator() = default;
  // Asked before the records are hashed, with leaves that are empty: whether
  // one of them may be an answer. False spares the hashing, for the stored
  // bytes are already those that were signed; Evaluate() then gets no records.
  virtual bool MayAnswer(const ScannedBlock& /*block*/) { return true; }
  virtual std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) = 0;
};

struct ScanOptions {
  Pin pin;
  // Roots from elsewhere: behind damage they prove what the identity key alone
  // cannot. Those of another origin do not count.
  std::vector<KnownCheckpoint> known = {};
  // Behind damage, hand on what only the identity key vouches for as well.
  bool believes_vouched = false;
  // Only blocks that hold a record of this range are read.
  RecordRange records = {0, ~std::uint64_t{0}};
  bool include_unsealed = true;
  unsigned threads = 1;
  // Blocks for which it returns false are not read.
  std::function<bool(const RecordRange&)> wants_records = {};
  // Of a sealed segment whose index can say which blocks may hold an answer
  // to this, no other is looked at. Null: indexes are not used.
  std::shared_ptr<const IndexQuestion> question = {};
  // Blocks that it can do without are not read; with a question alone. Null:
  // none. Borrowed.
  IndexCounter* counter = nullptr;
  // False: indexes are not used, whatever else is said.
  bool use_indexes = true;
};

struct ScanReport {
  std::vector<Finding> findings;
  std::uint64_t sealed_records = 0;    // tree size of the last footer
  std::uint64_t unsealed_records = 0;  // behind it
  std::uint64_t segments_total = 0;
  std::uint64_t segments_read = 0;
  std::uint64_t blocks_total = 0;
  std::uint64_t blocks_read = 0;
  std::uint64_t stored_bytes_read = 0;
  std::uint64_t indexes_used = 0;    // segments whose blocks an index chose
  std::uint64_t blocks_counted = 0;  // by an index's columns, without reading
  // Segments with an index that was not used: file and reason.
  std::vector<std::string> indexes_unused;
  bool stopped = false;                 // by the consumer
  std::vector<ReopenedEpoch> reopened;  // of the segments met
};

// Adds another scan of the same archive: sums of what was read, and each
// finding once.
void AddToReport(const ScanReport& scan, ScanReport& all);

using MakeEvaluator = std::function<std::unique_ptr<BlockEvaluator>()>;
// Called in order; false stops the scan.
using ConsumeResult = std::function<Result<bool>(std::unique_ptr<BlockResult>)>;

// Errors: could not look (kIo, kTemporary …), or what `consume` returned.
Result<ScanReport> ScanArchive(const ArchiveReader& archive,
                               const ScanOptions& options,
                               const MakeEvaluator& make_evaluator,
                               const ConsumeResult& consume);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_ARCHIVE_SCAN_H_
