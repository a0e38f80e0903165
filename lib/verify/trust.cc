#include "lib/verify/trust.h"

#include <iterator>
#include <utility>

namespace authseal {
namespace {

// Merges with the last range where they touch, so that an undamaged archive
// is one range however many segments it has.
void AppendRange(const RecordRange& range, std::vector<RecordRange>& ranges) {
  if (range.empty()) {
    return;
  }
  if (!ranges.empty() && ranges.back().end == range.first) {
    ranges.back().end = range.end;
    return;
  }
  // Numbers that go back were a finding; no record counts twice.
  if (ranges.empty() || ranges.back().end < range.first) {
    ranges.push_back(range);
  }
}

}  // namespace

std::optional<CompactRange> Join(const std::optional<CompactRange>& start,
                                 const std::optional<CompactRange>& part) {
  if (!start.has_value() || !part.has_value()) {
    return std::nullopt;
  }
  CompactRange joined = *start;
  if (!joined.Append(*part).has_value()) {
    return std::nullopt;
  }
  return joined;
}

std::vector<RecordRange> RecordsOfBoundBlocks(
    std::span<const BlockSummary> blocks) {
  std::vector<RecordRange> ranges;
  for (const BlockSummary& block : blocks) {
    if (block.bound && block.content_ok) {
      AppendRange(block.records, ranges);
    }
  }
  return ranges;
}

std::uint64_t EndOf(std::span<const RecordRange> ranges) {
  return ranges.empty() ? 0 : ranges.back().end;
}

void TrustLedger::Add(SegmentTrust segment) {
  held_.push_back(std::move(segment));
}

void TrustLedger::Confirm() {
  confirmed_.insert(confirmed_.end(), std::make_move_iterator(held_.begin()),
                    std::make_move_iterator(held_.end()));
  held_.clear();
}

void TrustLedger::ConfirmFromOutside() {
  Confirm();
  for (std::size_t i = confirmed_.size(); i > 0; --i) {
    SegmentTrust& segment = confirmed_[i - 1];
    if (!segment.by_tree) {
      return;  // another tree may lead up to here
    }
    segment.root = TrustRoot::kPin;
    if (!segment.continues) {
      return;
    }
  }
}

void TrustLedger::Contradict() {
  held_.clear();
}

TrustedRecords TrustLedger::Take() && {
  Confirm();
  TrustedRecords all;
  for (const SegmentTrust& segment : confirmed_) {
    for (const RecordRange& range : segment.records) {
      AppendRange(range, segment.root == TrustRoot::kPin ? all.trustworthy
                                                         : all.vouched);
    }
  }
  return all;
}

}  // namespace authseal
