#include "lib/verify/block_sequence.h"

#include <utility>

#include "lib/archive/format.h"
#include "lib/verify/leaf_recovery.h"

namespace authseal {
namespace {

using Fault = BlockDecoder::Fault;

FindingKind KindOf(Fault fault) {
  switch (fault) {
    case Fault::kStoredHash:
      return FindingKind::kStoredHashMismatch;
    case Fault::kCount:
      return FindingKind::kCountMismatch;
    case Fault::kLeaf:
      return FindingKind::kLeafMismatch;
    case Fault::kMarks:
      return FindingKind::kHeaderInvalid;
    case Fault::kNone:
    case Fault::kFrame:
      break;
  }
  return FindingKind::kFrameCorrupt;
}

std::string TextOf(Fault fault) {
  switch (fault) {
    case Fault::kStoredHash:
      return "the stored bytes are not those the block's header names";
    case Fault::kCount:
      return "the block does not hold as many records as its header says";
    case Fault::kLeaf:
      return "the records are not those the block's header names";
    case Fault::kMarks:
      return "the header's marks do not follow from the records";
    case Fault::kNone:
    case Fault::kFrame:
      break;
  }
  return "the block's data is no whole zstd frame";
}

// Appends where the range continues; forgets everything where it does not.
void Extend(std::optional<CompactRange>& range, const CompactRange& next) {
  if (range.has_value() && !range->Append(next).has_value()) {
    range.reset();
  }
}

std::optional<CompactRange> RangeOf(const BlockHeader& header) {
  auto range = CompactRange::FromHashes(
      header.first_record, header.records().end, header.range_hashes);
  if (!range.has_value()) {
    return std::nullopt;
  }
  return *std::move(range);
}

}  // namespace

BlockSequence::BlockSequence(const BlockCheckTask& task, std::string file,
                             const SequenceStart& start)
    : task_(task),
      file_(std::move(file)),
      start_(start),
      next_record_(start.first_record),
      claimed_(CompactRange(start.first_record)) {
  blocks_.reserve(task.layout.blocks.size());
  if (task.depth == VerifyDepth::kFull) {
    recomputed_.emplace(start.first_record);
  }
}

void BlockSequence::Report(FindingKind kind, std::size_t block,
                           std::uint64_t offset_bytes, std::string text) {
  const RecordRange& records = blocks_[block].records;
  findings_.Add({kind, file_, offset_bytes, block,
                 records.empty() ? std::nullopt : std::optional(records),
                 std::move(text)});
}

Status BlockSequence::Add(std::size_t block, const BlockOutcome& outcome) {
  const BlockExtent& extent = task_.layout.blocks[block];
  BlockSummary& summary = blocks_.emplace_back();
  summary.data = extent.data;
  summary.header = extent.header;
  summary.header_hash = outcome.header_hash;
  summary.signature = outcome.signature;
  const std::uint64_t begin_bytes =
      block == 0 ? 0 : blocks_[block - 1].header.end_bytes();
  if (extent.data.offset_bytes != begin_bytes) {
    // Whatever stood in the gap is missing here; the gap is a finding already.
    next_record_known_ = false;
    recomputed_.reset();
    claimed_.reset();
  }
  const std::optional<CompactRange> before =
      outcome.prefixes.empty() ? std::nullopt : WholeRange();
  if (outcome.header.has_value()) {
    AddHeader(block, outcome);
  } else {
    Report(FindingKind::kHeaderInvalid, block, extent.header.offset_bytes,
           "the block's header does not decode: " + outcome.header_error);
    claimed_.reset();
    next_record_known_ = false;
  }
  TRY(AddRecords(block, outcome));
  AddPrefixes(before, outcome);
  return Ok();
}

void BlockSequence::AddHeader(std::size_t block, const BlockOutcome& outcome) {
  const BlockHeader& header = *outcome.header;
  BlockSummary& summary = blocks_[block];
  summary.records = header.records();
  summary.content_size_bytes = header.content_size_bytes;
  summary.previous = header.previous;
  summary.header_decoded = true;
  summary.content_ok =
      outcome.fault == Fault::kNone || outcome.fault == Fault::kMarks;
  CheckNumbers(block, header);
  if (outcome.fault != Fault::kNone) {
    ReportFault(block, outcome.fault);
  }
  content_size_bytes_ += header.content_size_bytes;
  unsigned_run_ = header.signature.has_value() ? 0 : unsigned_run_ + 1;
  if (unsigned_run_ == kCommitBlocksMax) {
    Report(FindingKind::kHeaderInvalid, block, summary.header.offset_bytes,
           "more unsigned headers follow each other than one commit has");
  }
  const std::optional<CompactRange> range = RangeOf(header);
  if (range.has_value()) {
    Extend(claimed_, *range);
  } else {
    claimed_.reset();
  }
  seal_leaf_.reset();
  // Only a record that is the leaf its header claims: the fold that an anchor
  // confirms may be of the claimed ranges.
  if (summary.content_ok && outcome.records_range.has_value() &&
      header.record_count == 1 && header.sources.empty()) {
    seal_leaf_ = outcome.records_range->hashes().front();
  }
}

void BlockSequence::CheckNumbers(std::size_t block, const BlockHeader& header) {
  const std::uint64_t offset_bytes = blocks_[block].header.offset_bytes;
  if (start_.epoch.has_value() && header.epoch != *start_.epoch) {
    Report(FindingKind::kEpochGap, block, offset_bytes,
           "the block is of epoch " + std::to_string(header.epoch) +
               ", its segment of epoch " + std::to_string(*start_.epoch));
  }
  if (next_record_known_ && header.first_record != next_record_) {
    Report(FindingKind::kCountMismatch, block, offset_bytes,
           "the block begins at record " + std::to_string(header.first_record) +
               ", the records before it end at " +
               std::to_string(next_record_));
  }
  if (header.stored_size_bytes != blocks_[block].data.size_bytes) {
    Report(FindingKind::kHeaderInvalid, block, offset_bytes,
           "the header names " + std::to_string(header.stored_size_bytes) +
               " stored bytes, there are " +
               std::to_string(blocks_[block].data.size_bytes));
  }
  next_record_ = header.records().end;
  next_record_known_ = true;
}

void BlockSequence::ReportFault(std::size_t block, Fault fault) {
  const BlockSummary& summary = blocks_[block];
  const std::uint64_t offset_bytes = fault == Fault::kMarks
                                         ? summary.header.offset_bytes
                                         : summary.data.offset_bytes;
  Report(KindOf(fault), block, offset_bytes, TextOf(fault));
}

Status BlockSequence::AddRecords(std::size_t block,
                                 const BlockOutcome& outcome) {
  if (!recomputed_.has_value()) {
    return Ok();
  }
  if (outcome.records_range.has_value() &&
      outcome.records_range->begin() == recomputed_->end()) {
    Extend(recomputed_, *outcome.records_range);
    return Ok();
  }
  return RecoverRecords(block);
}

Status BlockSequence::RecoverRecords(std::size_t block) {
  const ByteExtent& extent = blocks_[block].data;
  ByteVector frame;
  const Status read =
      task_.segment.Read(extent, kBlockStoredSizeBytesMax, frame);
  if (!read.has_value() && read.error().code != ErrorCode::kDamaged &&
      read.error().code != ErrorCode::kInvalidArgument) {
    return read.error();
  }
  std::optional<CompactRange> range;
  if (read.has_value()) {
    TRY_ASSIGN(range, RecoverLeaves(frame, recomputed_->end()));
  }
  if (!range.has_value()) {
    recomputed_.reset();
    return Ok();
  }
  Extend(recomputed_, *range);
  if (!blocks_[block].header_decoded) {
    next_record_ = recomputed_->end();
    next_record_known_ = true;
  }
  return Ok();
}

void BlockSequence::AddPrefixes(const std::optional<CompactRange>& before,
                                const BlockOutcome& outcome) {
  const std::optional<CompactRange>& whole = WholeRange();
  for (const std::uint64_t size : task_.known_sizes) {
    if (whole.has_value() && whole->end() == size) {
      prefixes_.push_back(*whole);
    }
  }
  for (const CompactRange& part : outcome.prefixes) {
    std::optional<CompactRange> prefix = before;
    Extend(prefix, part);
    if (prefix.has_value()) {
      prefixes_.push_back(*std::move(prefix));
    }
  }
}

}  // namespace authseal
