#include "lib/verify/frame_scanner.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "lib/archive/format.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {
namespace {

constexpr std::uint64_t kWindowSizeBytes = 1u << 20;
constexpr std::uint64_t kBudgetSizeBytesMin = 16u << 20;
constexpr std::uint64_t kBudgetPerFileByte = 2;
// Magic, length, tag.
constexpr std::size_t kBeginSizeBytes = kSkippablePrefixSizeBytes + 4;
// The last three bytes of either magic, as stored.
constexpr std::string_view kMagicTail = "\x2A\x4D\x18";

std::uint32_t LoadU32(Bytes bytes) {
  return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8 |
         std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[3]} << 24;
}

bool BeginsLikeOurs(Bytes begin) {
  const std::uint32_t magic = LoadU32(begin);
  const std::string_view tag =
      AsText(begin.subspan(kSkippablePrefixSizeBytes, 4));
  const std::uint32_t size_bytes = LoadU32(begin.subspan(4));
  return (magic == kHeaderFrameMagic && tag == kHeaderTag &&
          size_bytes <= kHeaderContentSizeBytesMax) ||
         (magic == kFooterFrameMagic && tag == kFooterTag &&
          size_bytes <= kFooterContentSizeBytesMax);
}

}  // namespace

FrameScanner::FrameScanner(const SegmentReader& segment)
    : segment_(segment),
      budget_bytes_(
          std::max(kBudgetSizeBytesMin,
                   segment.map().file_size_bytes * kBudgetPerFileByte)) {}

Result<std::optional<ScannedFrame>> FrameScanner::DecodeAt(
    std::uint64_t offset_bytes, std::uint32_t content_size_bytes) {
  const std::optional<ScannedFrame> none;
  const ByteExtent extent{offset_bytes,
                          kSkippablePrefixSizeBytes + content_size_bytes};
  budget_bytes_ -= std::min(budget_bytes_, extent.size_bytes);
  const Status read = segment_.Read(extent, extent.size_bytes, frame_);
  if (!read.has_value()) {
    if (read.error().code == ErrorCode::kDamaged) {
      return none;  // runs past the end
    }
    return read.error();
  }
  if (LoadU32(frame_) == kFooterFrameMagic) {
    return DecodeSegmentFooter(frame_).has_value()
               ? std::optional(ScannedFrame{extent, std::nullopt})
               : none;
  }
  Result<BlockHeader> header = DecodeBlockHeader(frame_);
  if (!header.has_value()) {
    return none;
  }
  return std::optional(ScannedFrame{extent, *std::move(header)});
}

Result<std::optional<ScannedFrame>> FrameScanner::Scan(
    std::uint64_t window_offset_bytes) {
  const std::string_view text = AsText(window_);
  for (std::size_t tail = text.find(kMagicTail, 1);
       tail != std::string_view::npos; tail = text.find(kMagicTail, tail + 1)) {
    const std::size_t begin = tail - 1;
    if (begin + kBeginSizeBytes > text.size() || budget_bytes_ == 0) {
      break;
    }
    const Bytes bytes = Bytes(window_).subspan(begin, kBeginSizeBytes);
    if (!BeginsLikeOurs(bytes)) {
      continue;
    }
    TRY_ASSIGN(auto found, DecodeAt(window_offset_bytes + begin,
                                    LoadU32(bytes.subspan(4))));
    if (found.has_value()) {
      return found;
    }
  }
  return std::optional<ScannedFrame>();
}

Result<std::optional<ScannedFrame>> FrameScanner::Next(
    std::uint64_t offset_bytes) {
  const std::uint64_t end_bytes = segment_.map().file_size_bytes;
  while (offset_bytes + kBeginSizeBytes <= end_bytes && budget_bytes_ > 0) {
    window_.resize(static_cast<std::size_t>(
        std::min(kWindowSizeBytes, end_bytes - offset_bytes)));
    TRY_ASSIGN(const std::size_t count,
               segment_.file().ReadAt(offset_bytes, window_));
    window_.resize(count);
    TRY_ASSIGN(auto found, Scan(offset_bytes));
    if (found.has_value() || count < kBeginSizeBytes) {
      return found;
    }
    // The next window begins with what may be cut off in this one.
    offset_bytes += count - kBeginSizeBytes + 1;
  }
  return std::optional<ScannedFrame>();
}

}  // namespace authseal
