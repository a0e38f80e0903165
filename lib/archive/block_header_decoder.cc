// Decoding of block headers. The bytes come from whoever wrote the file: each
// count is compared with a limit and with the bytes that are left before
// anything is allocated for it.
#include <algorithm>

#include "lib/archive/block_header.h"
#include "lib/archive/format.h"
#include "lib/base/coding.h"
#include "lib/base/utf8.h"
#include "lib/compress/zstd_frame.h"
#include "lib/merkle/compact_range.h"

namespace authseal {
namespace {

constexpr std::size_t kMarkSizeBytes = 9;
constexpr std::size_t kSourceSizeBytesMin = 90;

struct ListCounts {
  std::size_t range = 0;
  std::size_t sources = 0;
  std::size_t marks = 0;
  bool is_signed = false;
};

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, "block header: " + std::string(what)};
}

Status CheckSizes(const BlockHeader& header) {
  if (header.record_count == 0) {
    return Damaged("no records");
  }
  if (header.record_count > kBlockRecordsMax) {
    return Damaged("too many records");
  }
  if (header.first_record > kRecordNumberMax ||
      header.records().end > kRecordNumberMax + 1) {
    return Damaged("record numbers above twelve digits");
  }
  // Each record ends in LF.
  if (header.content_size_bytes > kBlockContentSizeBytesMax ||
      header.content_size_bytes < header.record_count) {
    return Damaged("content size out of bounds");
  }
  if (header.stored_size_bytes > kBlockStoredSizeBytesMax) {
    return Damaged("stored size out of bounds");
  }
  return Ok();
}

Result<ListCounts> DecodeFixedPart(Decoder& in, BlockHeader& header) {
  TRY_ASSIGN(const Bytes tag, in.Raw(kHeaderTag.size(), "tag"));
  if (AsText(tag) != kHeaderTag) {
    return Damaged("wrong tag");
  }
  TRY_ASSIGN(header.epoch, in.U64("epoch"));
  TRY_ASSIGN(header.first_record, in.U64("first_record"));
  TRY_ASSIGN(header.record_count, in.U32("record_count"));
  TRY_ASSIGN(header.content_size_bytes, in.U32("content_size"));
  TRY_ASSIGN(header.stored_size_bytes, in.U32("stored_size"));
  TRY(CheckSizes(header));
  TRY_ASSIGN(header.stored_hash, in.Hash32("stored_hash"));
  TRY_ASSIGN(header.previous, in.Hash32("previous"));
  TRY_ASSIGN(header.ingest_first.value, in.I64("ingest_first"));
  TRY_ASSIGN(header.ingest_last.value, in.I64("ingest_last"));
  TRY_ASSIGN(header.scrubbed_count, in.U32("scrubbed_count"));
  TRY_ASSIGN(const std::uint8_t flags, in.U8("flags"));
  if ((flags & ~kHeaderFlagSigned) != 0) {
    return Damaged("unknown flags");
  }
  ListCounts counts;
  counts.is_signed = (flags & kHeaderFlagSigned) != 0;
  TRY_ASSIGN(counts.range, in.U8("range_count"));
  TRY_ASSIGN(counts.sources, in.U16("source_count"));
  TRY_ASSIGN(counts.marks, in.U32("mark_count"));
  if (counts.range !=
      CompactRangeSize(header.first_record, header.records().end)) {
    return Damaged("range_count is not that of the compact range");
  }
  return counts;
}

Status DecodeMarks(Decoder& in, std::size_t count, BlockHeader& header) {
  if (count > in.remaining_bytes() / kMarkSizeBytes) {
    return Damaged("mark_count beyond the header's end");
  }
  header.marks.reserve(count);
  std::uint64_t end = 0;  // of the mark before
  for (std::size_t i = 0; i < count; ++i) {
    MarkRun run;
    TRY_ASSIGN(run.first, in.U32("mark first"));
    TRY_ASSIGN(run.count, in.U32("mark count"));
    TRY_ASSIGN(const std::uint8_t kind, in.U8("mark kind"));
    if (kind < static_cast<std::uint8_t>(RecordMark::kControl) ||
        kind > static_cast<std::uint8_t>(RecordMark::kPart)) {
      return Damaged("unknown kind of mark");
    }
    run.mark = static_cast<RecordMark>(kind);
    const bool unmerged =
        i > 0 && run.first == end && run.mark == header.marks.back().mark;
    if (run.count == 0 || run.first < end || unmerged) {
      return Damaged("marks out of order");
    }
    end = std::uint64_t{run.first} + run.count;
    if (end > header.record_count) {
      return Damaged("a mark beyond the block's records");
    }
    header.marks.push_back(run);
  }
  return Ok();
}

Result<SourceRange> DecodeSource(Decoder& in) {
  SourceRange source;
  TRY_ASSIGN(source.first, in.U32("source first"));
  TRY_ASSIGN(source.count, in.U32("source count"));
  TRY_ASSIGN(source.begin_bytes, in.U64("source begin"));
  TRY_ASSIGN(source.end_bytes, in.U64("source end"));
  if (source.begin_bytes > source.end_bytes) {
    return Damaged("a source that ends before it begins");
  }
  TRY_ASSIGN(source.head_hash, in.Hash32("head_hash"));
  TRY_ASSIGN(source.tail_hash, in.Hash32("tail_hash"));
  TRY_ASSIGN(const std::uint16_t size_bytes, in.U16("source name length"));
  if (size_bytes > kSourceNameSizeBytesMax) {
    return Damaged("a source name above its limit");
  }
  TRY_ASSIGN(const Bytes name, in.Raw(size_bytes, "source name"));
  source.name = AsText(name);
  if (!IsValidUtf8(source.name)) {
    return Damaged("a source name that is not UTF-8");
  }
  return source;
}

Status DecodeSources(Decoder& in, std::size_t count, BlockHeader& header) {
  if (count > kBlockSourcesMax ||
      count > in.remaining_bytes() / kSourceSizeBytesMin) {
    return Damaged("source_count out of bounds");
  }
  header.sources.reserve(count);
  std::uint64_t end = 0;  // of the source before
  for (std::size_t i = 0; i < count; ++i) {
    TRY_ASSIGN(SourceRange source, DecodeSource(in));
    if (source.first < end) {
      return Damaged("sources out of order");
    }
    end = std::uint64_t{source.first} + source.count;
    if (end > header.record_count) {
      return Damaged("a source beyond the block's records");
    }
    header.sources.push_back(std::move(source));
  }
  return Ok();
}

// A control record comes from us; a source that claims one lies.
Status CheckControlRecordsHaveNoSource(const BlockHeader& header) {
  auto source = header.sources.begin();
  for (const MarkRun& run : header.marks) {
    if (run.mark != RecordMark::kControl) {
      continue;
    }
    const std::uint64_t run_end = std::uint64_t{run.first} + run.count;
    for (; source != header.sources.end() && source->first < run_end;
         ++source) {
      const std::uint64_t end = std::uint64_t{source->first} + source->count;
      if (source->count > 0 && end > run.first) {
        return Damaged("a control record with a source");
      }
    }
  }
  return Ok();
}

}  // namespace

Result<BlockHeader> DecodeBlockHeader(Bytes frame) {
  TRY_ASSIGN(const Bytes content,
             DecodeSkippableFrame(kHeaderFrameMagic, frame));
  if (content.size() > kHeaderContentSizeBytesMax) {
    return Damaged("longer than its limit");
  }
  Decoder in(content);
  BlockHeader header;
  TRY_ASSIGN(const ListCounts counts, DecodeFixedPart(in, header));
  header.range_hashes.reserve(counts.range);
  for (std::size_t i = 0; i < counts.range; ++i) {
    TRY_ASSIGN(const Hash hash, in.Hash32("range hash"));
    header.range_hashes.push_back(hash);
  }
  TRY(DecodeMarks(in, counts.marks, header));
  TRY(DecodeSources(in, counts.sources, header));
  TRY(CheckControlRecordsHaveNoSource(header));
  if (counts.is_signed) {
    Ed25519Signature& signature = header.signature.emplace();
    TRY_ASSIGN(const Bytes bytes, in.Raw(signature.bytes.size(), "signature"));
    std::copy(bytes.begin(), bytes.end(), signature.bytes.begin());
  }
  TRY(in.Finish());
  return header;
}

}  // namespace authseal
