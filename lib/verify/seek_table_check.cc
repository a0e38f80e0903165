#include "lib/verify/seek_table_check.h"

#include <algorithm>
#include <span>
#include <vector>

#include "lib/archive/format.h"
#include "lib/compress/seek_table.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {
namespace {

constexpr std::uint64_t kSeekTableSizeBytesLimit =
    (std::uint64_t{kSegmentBlocksMax} * 2 + 1) * 8 + kSkippablePrefixSizeBytes +
    kSeekTableFooterSizeBytes;

std::uint32_t SizeOf(const ByteExtent& extent) {
  return static_cast<std::uint32_t>(extent.size_bytes);
}

// Content sizes come from headers that are what was signed, or from all when
// no signature could be checked; 0 stands for unknown.
std::vector<SeekTableEntry> ExpectedEntries(
    const SegmentLayout& layout, const std::vector<BlockSummary>& blocks) {
  const bool any_bound =
      std::any_of(blocks.begin(), blocks.end(),
                  [](const BlockSummary& block) { return block.bound; });
  std::vector<SeekTableEntry> entries;
  entries.reserve(layout.blocks.size() * 2 + 1);
  for (std::size_t i = 0; i < layout.blocks.size(); ++i) {
    const bool believed = blocks[i].bound || !any_bound;
    entries.push_back({SizeOf(layout.blocks[i].data),
                       believed ? blocks[i].content_size_bytes : 0});
    entries.push_back({SizeOf(layout.blocks[i].header), 0});
  }
  entries.push_back({SizeOf(*layout.footer), 0});
  return entries;
}

// What no header says is taken from the table itself.
void FillUnknown(std::span<const SeekTableEntry> stored,
                 std::span<SeekTableEntry> expected) {
  if (stored.size() != expected.size()) {
    return;
  }
  // Data frames only; the last entry is the footer.
  for (std::size_t i = 0; i + 1 < expected.size(); i += 2) {
    if (expected[i].content_size_bytes == 0) {
      expected[i].content_size_bytes = stored[i].content_size_bytes;
    }
  }
}

}  // namespace

Status CheckSeekTable(const SegmentReader& segment, const SegmentLayout& layout,
                      BlockSequence& sequence) {
  const auto report = [&](std::uint64_t offset_bytes, std::string text) {
    sequence.findings().Add({FindingKind::kSeekTableMismatch, sequence.file(),
                             offset_bytes, std::nullopt, std::nullopt,
                             std::move(text)});
  };
  if (!layout.footer.has_value()) {
    return Ok();  // seal-missing says it
  }
  if (!layout.seek_table.has_value()) {
    report(layout.footer->end_bytes(), "no seek table follows the footer");
    return Ok();
  }
  if (!layout.gaps.empty()) {
    return Ok();  // which frames stood there is not known
  }
  ByteVector stored;
  const Status read =
      segment.Read(*layout.seek_table, kSeekTableSizeBytesLimit, stored);
  if (!read.has_value() && (read.error().code == ErrorCode::kIo ||
                            read.error().code == ErrorCode::kTemporary)) {
    return read.error();
  }
  std::vector<SeekTableEntry> expected =
      ExpectedEntries(layout, sequence.blocks());
  if (const auto entries = DecodeSeekTable(stored); entries.has_value()) {
    FillUnknown(*entries, expected);
  }
  if (!read.has_value() || stored != EncodeSeekTable(expected)) {
    report(layout.seek_table->offset_bytes,
           "the seek table is not the one that follows from the frames");
  }
  return Ok();
}

}  // namespace authseal
