#include "lib/archive/segment_footer.h"

#include <algorithm>
#include <vector>

#include "lib/archive/format.h"
#include "lib/base/check.h"
#include "lib/base/coding.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;

struct RangeCounts {
  std::uint8_t start = 0;
  std::uint8_t end = 0;
};

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, "segment footer: " + std::string(what)};
}

Encoder EncodeUnsigned(const SegmentFooter& footer) {
  AUTHSEAL_CHECK(footer.start.begin() == 0 && footer.end.begin() == 0);
  AUTHSEAL_CHECK(footer.start.end() == footer.first_record);
  AUTHSEAL_CHECK(footer.end.end() == footer.end_record);
  Encoder out;
  out.Raw(AsBytes(footer.reopens ? kReopenFooterTag : kFooterTag));
  out.U64(footer.epoch).U64(footer.first_record);
  out.U64(footer.end_record).U32(footer.block_count);
  out.U64(footer.content_size_bytes).I64(footer.seal_time.value);
  out.Raw(footer.previous.view()).Raw(footer.next_key.view());
  out.Raw(footer.index_root.view()).U64(footer.index_size_bytes);
  out.U16(footer.index_kind);
  out.U8(static_cast<std::uint8_t>(footer.start.hashes().size()));
  out.U8(static_cast<std::uint8_t>(footer.end.hashes().size()));
  for (const Hash& hash : footer.start.hashes()) {
    out.Raw(hash.view());
  }
  for (const Hash& hash : footer.end.hashes()) {
    out.Raw(hash.view());
  }
  return out;
}

// What a footer says must be possible before it is compared with the blocks.
Status CheckBounds(const SegmentFooter& footer) {
  if (footer.first_record >= footer.end_record ||
      footer.end_record > kRecordNumberMax + 1) {
    return Damaged("record numbers out of bounds");
  }
  if (footer.block_count == 0 || footer.block_count > kSegmentBlocksMax ||
      footer.block_count > footer.records().count()) {
    return Damaged("block_count out of bounds");
  }
  if (footer.content_size_bytes < footer.records().count() ||
      footer.content_size_bytes >
          std::uint64_t{footer.block_count} * kBlockContentSizeBytesMax) {
    return Damaged("content size out of bounds");
  }
  if (footer.index_kind == 0 &&
      (footer.index_size_bytes != 0 || footer.index_root != Hash{})) {
    return Damaged("an index of kind none");
  }
  return Ok();
}

Result<RangeCounts> DecodeFixedPart(Decoder& in, SegmentFooter& footer) {
  TRY_ASSIGN(const Bytes tag, in.Raw(kFooterTag.size(), "tag"));
  footer.reopens = AsText(tag) == kReopenFooterTag;
  if (!footer.reopens && AsText(tag) != kFooterTag) {
    return Damaged("wrong tag");
  }
  TRY_ASSIGN(footer.epoch, in.U64("epoch"));
  TRY_ASSIGN(footer.first_record, in.U64("first_record"));
  TRY_ASSIGN(footer.end_record, in.U64("end_record"));
  TRY_ASSIGN(footer.block_count, in.U32("block_count"));
  TRY_ASSIGN(footer.content_size_bytes, in.U64("content_size"));
  TRY_ASSIGN(footer.seal_time.value, in.I64("seal_time"));
  TRY_ASSIGN(footer.previous, in.Hash32("previous"));
  TRY_ASSIGN(const Hash next_key, in.Hash32("next_key"));
  footer.next_key.bytes = next_key.bytes;
  TRY_ASSIGN(footer.index_root, in.Hash32("index_root"));
  TRY_ASSIGN(footer.index_size_bytes, in.U64("index_size"));
  TRY_ASSIGN(footer.index_kind, in.U16("index_kind"));
  TRY(CheckBounds(footer));
  RangeCounts counts;
  TRY_ASSIGN(counts.start, in.U8("start_count"));
  TRY_ASSIGN(counts.end, in.U8("end_count"));
  return counts;
}

Result<CompactRange> DecodeRange(Decoder& in, std::uint64_t end_record,
                                 std::size_t count) {
  if (count != CompactRangeSize(0, end_record)) {
    return Damaged("a compact range with a wrong number of hashes");
  }
  std::vector<Hash> hashes;
  hashes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    TRY_ASSIGN(const Hash hash, in.Hash32("range hash"));
    hashes.push_back(hash);
  }
  return CompactRange::FromHashes(0, end_record, hashes);
}

}  // namespace

ByteVector EncodeSegmentFooter(const SegmentFooter& footer) {
  Encoder content = EncodeUnsigned(footer);
  content.Raw(footer.signature.view());
  AUTHSEAL_CHECK(content.bytes().size() <= kFooterContentSizeBytesMax);
  return EncodeSkippableFrame(kFooterFrameMagic, content.bytes());
}

Result<SegmentFooter> DecodeSegmentFooter(Bytes frame) {
  TRY_ASSIGN(const Bytes content,
             DecodeSkippableFrame(kFooterFrameMagic, frame));
  if (content.size() > kFooterContentSizeBytesMax) {
    return Damaged("longer than its limit");
  }
  Decoder in(content);
  SegmentFooter footer;
  TRY_ASSIGN(const RangeCounts counts, DecodeFixedPart(in, footer));
  TRY_ASSIGN(footer.start, DecodeRange(in, footer.first_record, counts.start));
  TRY_ASSIGN(footer.end, DecodeRange(in, footer.end_record, counts.end));
  TRY_ASSIGN(const Bytes signature,
             in.Raw(footer.signature.bytes.size(), "signature"));
  std::copy(signature.begin(), signature.end(), footer.signature.bytes.begin());
  TRY(in.Finish());
  return footer;
}

ByteVector SegmentFooterSignedMessage(const Hash& genesis,
                                      const SegmentFooter& footer) {
  Encoder message;
  message.Raw(
      AsBytes(footer.reopens ? kReopenSignaturePrefix : kSealSignaturePrefix));
  message.Raw(genesis.view());
  message.Raw(EncodeUnsigned(footer).bytes());
  return std::move(message).Take();
}

Hash IndexRoot(Bytes index) {
  std::vector<Bytes> pages;
  pages.reserve(index.size() / kIndexPageSizeBytes + 1);
  while (!index.empty()) {
    const std::size_t size_bytes = std::min(index.size(), kIndexPageSizeBytes);
    pages.push_back(index.first(size_bytes));
    index = index.subspan(size_bytes);
  }
  std::vector<Hash> leaves(pages.size());
  Sha256Prefixed(kLeafPrefix, pages, leaves);
  return CompactRange::FromLeaves(0, leaves).Root();
}

}  // namespace authseal
