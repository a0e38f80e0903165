// Folds the outcomes of a segment's blocks, in order: do the numbers follow
// each other, what do the headers claim, what do the records give.
#ifndef AUTHSEAL_VERIFY_BLOCK_SEQUENCE_H_
#define AUTHSEAL_VERIFY_BLOCK_SEQUENCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/verify/block_check.h"
#include "lib/verify/finding_list.h"

namespace authseal {

// What is kept of a block.
struct BlockSummary {
  ByteExtent data;
  ByteExtent header;
  RecordRange records;  // as the header says; empty when it does not decode
  std::uint32_t content_size_bytes = 0;  // as the header says
  Hash header_hash;
  Hash previous;
  bool header_decoded = false;
  SignatureState signature = SignatureState::kNone;
  bool content_ok = false;  // matches its header, to the depth asked for
  bool bound = false;       // its header is what was signed; see BindHeaders()
};

// What the segments before say about the first block.
struct SequenceStart {
  std::uint64_t first_record = 0;
  std::optional<std::uint64_t> epoch;
};

class BlockSequence {
 public:
  // `file` names the segment in findings. `task` must outlive this.
  BlockSequence(const BlockCheckTask& task, std::string file,
                const SequenceStart& start);

  // Errors: kIo, kTemporary.
  Status Add(std::size_t block, const BlockOutcome& outcome);

  std::vector<BlockSummary>& blocks() { return blocks_; }
  const std::vector<BlockSummary>& blocks() const { return blocks_; }
  FindingList& findings() { return findings_; }
  const std::string& file() const { return file_; }
  std::uint64_t end_record() const { return next_record_; }
  std::uint64_t content_size_bytes() const { return content_size_bytes_; }
  // Of [first record, end): folded from the headers, and from the records
  // themselves. Empty once a block in between is missing or unreadable.
  const std::optional<CompactRange>& claimed() const { return claimed_; }
  const std::optional<CompactRange>& recomputed() const { return recomputed_; }
  // Of [first record, size) for each of the task's known sizes inside.
  const std::vector<CompactRange>& prefixes() const { return prefixes_; }
  // The last block's only record and what stands before its header, if it
  // looks like a seal block.
  const std::optional<Hash>& seal_leaf() const { return seal_leaf_; }

  void Report(FindingKind kind, std::size_t block, std::uint64_t offset_bytes,
              std::string text);

 private:
  void AddHeader(std::size_t block, const BlockOutcome& outcome);
  void CheckNumbers(std::size_t block, const BlockHeader& header);
  void ReportFault(std::size_t block, BlockDecoder::Fault fault);
  Status AddRecords(std::size_t block, const BlockOutcome& outcome);
  Status RecoverRecords(std::size_t block);
  void AddPrefixes(const std::optional<CompactRange>& before,
                   const BlockOutcome& outcome);
  const std::optional<CompactRange>& WholeRange() const {
    return task_.depth == VerifyDepth::kFull ? recomputed_ : claimed_;
  }

  const BlockCheckTask& task_;
  std::string file_;
  SequenceStart start_;
  FindingList findings_;
  std::vector<BlockSummary> blocks_;
  std::uint64_t next_record_;
  bool next_record_known_ = true;
  std::uint64_t content_size_bytes_ = 0;
  std::size_t unsigned_run_ = 0;
  std::optional<CompactRange> claimed_;
  std::optional<CompactRange> recomputed_;
  std::vector<CompactRange> prefixes_;
  std::optional<Hash> seal_leaf_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BLOCK_SEQUENCE_H_
