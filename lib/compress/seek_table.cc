#include "lib/compress/seek_table.h"

#include <string>

#include "lib/base/check.h"
#include "lib/base/coding.h"
#include "lib/compress/frame_header.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {
namespace {

// After the entries: u32 entry count, u8 descriptor, u32 magic.
constexpr std::uint32_t kSeekableMagic = 0x8F92EAB1;
constexpr std::size_t kEntrySizeBytes = 8;
constexpr std::uint32_t kSeekTableEntriesMax = 0x8000000;  // the format's limit

Error Damaged(const char* what) {
  return {ErrorCode::kDamaged, std::string("seek table: ") + what};
}

}  // namespace

ByteVector EncodeSeekTable(std::span<const SeekTableEntry> entries) {
  AUTHSEAL_CHECK(entries.size() <= kSeekTableEntriesMax);
  Encoder content;
  for (const SeekTableEntry& entry : entries) {
    content.U32(entry.stored_size_bytes).U32(entry.content_size_bytes);
  }
  content.U32(static_cast<std::uint32_t>(entries.size()));
  content.U8(0).U32(kSeekableMagic);
  return EncodeSkippableFrame(kSeekTableMagic, content.bytes());
}

Result<std::uint64_t> SeekTableSize(Bytes last_9_bytes) {
  Decoder in(last_9_bytes);
  TRY_ASSIGN(const std::uint32_t count, in.U32("seek table entry count"));
  TRY_ASSIGN(const std::uint8_t descriptor, in.U8("seek table descriptor"));
  TRY_ASSIGN(const std::uint32_t magic, in.U32("seek table magic"));
  TRY(in.Finish());
  if (magic != kSeekableMagic) {
    return Damaged("not found");
  }
  if (descriptor != 0) {
    return Damaged("with checksums or unknown flags");
  }
  if (count > kSeekTableEntriesMax) {
    return Damaged("with too many entries");
  }
  return kSkippablePrefixSizeBytes + std::uint64_t{count} * kEntrySizeBytes +
         kSeekTableFooterSizeBytes;
}

Result<std::vector<SeekTableEntry>> DecodeSeekTable(Bytes frame) {
  TRY_ASSIGN(const Bytes content, DecodeSkippableFrame(kSeekTableMagic, frame));
  if (content.size() < kSeekTableFooterSizeBytes) {
    return Damaged("cut short");
  }
  TRY_ASSIGN(const std::uint64_t size_bytes,
             SeekTableSize(content.last(kSeekTableFooterSizeBytes)));
  if (size_bytes != frame.size()) {
    return Damaged("its length contradicts its entry count");
  }
  Decoder in(content.first(content.size() - kSeekTableFooterSizeBytes));
  std::vector<SeekTableEntry> entries;
  entries.reserve(in.remaining_bytes() / kEntrySizeBytes);
  while (in.remaining_bytes() > 0) {
    SeekTableEntry entry;
    TRY_ASSIGN(entry.stored_size_bytes, in.U32("seek table stored size"));
    TRY_ASSIGN(entry.content_size_bytes, in.U32("seek table content size"));
    entries.push_back(entry);
  }
  return entries;
}

}  // namespace authseal
