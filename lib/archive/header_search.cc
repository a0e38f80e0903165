#include "lib/archive/header_search.h"

#include <utility>

#include "lib/archive/format.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

constexpr std::size_t kWindowSizeBytes = 1u << 20;
// magic, length, tag.
constexpr std::size_t kStartSizeBytes =
    kSkippablePrefixSizeBytes + kHeaderTag.size();

std::uint32_t LittleEndian32(Bytes bytes) {
  return static_cast<std::uint32_t>(bytes[0]) |
         static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 |
         static_cast<std::uint32_t>(bytes[3]) << 24;
}

bool IsHeaderStart(Bytes start) {
  return LittleEndian32(start) == kHeaderFrameMagic &&
         AsText(start.subspan(kSkippablePrefixSizeBytes)) == kHeaderTag;
}

}  // namespace

Result<std::optional<HeaderSearch::Found>> HeaderSearch::Next() {
  while (true) {
    TRY_ASSIGN(const auto offset_bytes, NextStart());
    if (!offset_bytes.has_value()) {
      return std::optional<Found>();
    }
    at_bytes_ = *offset_bytes + 1;
    TRY_ASSIGN(auto found, DecodeAt(*offset_bytes));
    if (found.has_value()) {
      at_bytes_ = found->end_bytes;
      return found;
    }
  }
}

Status HeaderSearch::FillWindow() {
  window_begin_bytes_ = at_bytes_;
  window_.resize(kWindowSizeBytes);
  TRY_ASSIGN(const std::size_t count,
             segment_.file().ReadAt(at_bytes_, window_));
  window_.resize(count);
  return Ok();
}

Result<std::optional<std::uint64_t>> HeaderSearch::NextStart() {
  while (true) {
    const bool inside =
        at_bytes_ >= window_begin_bytes_ &&
        at_bytes_ + kStartSizeBytes <= window_begin_bytes_ + window_.size();
    if (!inside) {
      TRY(FillWindow());
      if (window_.size() < kStartSizeBytes) {
        return std::optional<std::uint64_t>();
      }
    }
    const Bytes window = window_;
    for (std::size_t i = at_bytes_ - window_begin_bytes_;
         i + kStartSizeBytes <= window.size(); ++i) {
      if (IsHeaderStart(window.subspan(i, kStartSizeBytes))) {
        return std::optional<std::uint64_t>(window_begin_bytes_ + i);
      }
    }
    at_bytes_ = window_begin_bytes_ + window.size() - kStartSizeBytes + 1;
  }
}

Result<std::optional<HeaderSearch::Found>> HeaderSearch::DecodeAt(
    std::uint64_t offset_bytes) {
  const std::size_t i = offset_bytes - window_begin_bytes_;
  const std::uint64_t content_size_bytes =
      LittleEndian32(Bytes(window_).subspan(i + 4, 4));
  const std::uint64_t size_bytes =
      kSkippablePrefixSizeBytes + content_size_bytes;
  if (content_size_bytes > kHeaderContentSizeBytesMax ||
      size_bytes > segment_.map().file_size_bytes - offset_bytes) {
    return std::optional<Found>();
  }
  TRY(segment_.Read({offset_bytes, size_bytes}, size_bytes, frame_));
  auto header = DecodeBlockHeader(frame_);
  if (!header.has_value()) {
    return std::optional<Found>();
  }
  return std::optional<Found>(Found{.header = *std::move(header),
                                    .hash = Sha256Of(frame_),
                                    .end_bytes = offset_bytes + size_bytes});
}

}  // namespace authseal
