#include "lib/verify/trust.h"

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

void TrustLedger::Add(std::span<const RecordRange> ranges) {
  for (const RecordRange& range : ranges) {
    AppendRange(range, held_);
  }
}

void TrustLedger::Confirm() {
  for (const RecordRange& range : held_) {
    AppendRange(range, confirmed_);
  }
  held_.clear();
}

void TrustLedger::Contradict() {
  held_.clear();
}

std::vector<RecordRange> TrustLedger::Take() && {
  Confirm();
  return std::move(confirmed_);
}

}  // namespace authseal
