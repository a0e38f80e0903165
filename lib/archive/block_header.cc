#include "lib/archive/block_header.h"

#include "lib/archive/format.h"
#include "lib/base/check.h"
#include "lib/base/coding.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {
namespace {

constexpr std::string_view kControlPrefix = "{\"authseal\":";

struct MarkPrefix {
  std::string_view text;  // what follows kControlPrefix
  RecordMark mark;
};
constexpr MarkPrefix kMarkPrefixes[] = {
    {"{\"prefix\":", RecordMark::kPrefix},
    {"{\"unparsed\":", RecordMark::kUnparsed},
    {"{\"part\":", RecordMark::kPart},
};

void EncodeSource(const SourceRange& source, Encoder& out) {
  AUTHSEAL_CHECK(source.name.size() <= kSourceNameSizeBytesMax);
  out.U32(source.first).U32(source.count);
  out.U64(source.begin_bytes).U64(source.end_bytes);
  out.Raw(source.head_hash.view()).Raw(source.tail_hash.view());
  out.U16(static_cast<std::uint16_t>(source.name.size()));
  out.Raw(AsBytes(source.name));
}

// The content without a signature.
Encoder EncodeUnsigned(const BlockHeader& header, bool is_signed) {
  AUTHSEAL_CHECK(header.range_hashes.size() <= 0xFF);
  AUTHSEAL_CHECK(header.sources.size() <= kBlockSourcesMax);
  AUTHSEAL_CHECK(header.marks.size() <= header.record_count);
  Encoder out;
  out.Raw(AsBytes(kHeaderTag)).U64(header.epoch).U64(header.first_record);
  out.U32(header.record_count).U32(header.content_size_bytes);
  out.U32(header.stored_size_bytes).Raw(header.stored_hash.view());
  out.Raw(header.previous.view());
  out.I64(header.ingest_first.value).I64(header.ingest_last.value);
  out.U32(header.scrubbed_count).U8(is_signed ? kHeaderFlagSigned : 0);
  out.U8(static_cast<std::uint8_t>(header.range_hashes.size()));
  out.U16(static_cast<std::uint16_t>(header.sources.size()));
  out.U32(static_cast<std::uint32_t>(header.marks.size()));
  for (const Hash& hash : header.range_hashes) {
    out.Raw(hash.view());
  }
  for (const MarkRun& run : header.marks) {
    out.U32(run.first).U32(run.count);
    out.U8(static_cast<std::uint8_t>(run.mark));
  }
  for (const SourceRange& source : header.sources) {
    EncodeSource(source, out);
  }
  return out;
}

}  // namespace

std::optional<RecordMark> MarkOf(std::string_view record) {
  if (!record.starts_with(kControlPrefix)) {
    return std::nullopt;
  }
  record.remove_prefix(kControlPrefix.size());
  for (const MarkPrefix& prefix : kMarkPrefixes) {
    if (record.starts_with(prefix.text)) {
      return prefix.mark;
    }
  }
  return RecordMark::kControl;
}

ByteVector EncodeBlockHeader(const BlockHeader& header) {
  Encoder content = EncodeUnsigned(header, header.signature.has_value());
  if (header.signature.has_value()) {
    content.Raw(header.signature->view());
  }
  AUTHSEAL_CHECK(content.bytes().size() <= kHeaderContentSizeBytesMax);
  return EncodeSkippableFrame(kHeaderFrameMagic, content.bytes());
}

ByteVector BlockHeaderSignedMessage(const Hash& genesis,
                                    const BlockHeader& header) {
  Encoder message;
  message.Raw(AsBytes(kHeaderSignaturePrefix)).Raw(genesis.view());
  message.Raw(EncodeUnsigned(header, true).bytes());
  return std::move(message).Take();
}

}  // namespace authseal
