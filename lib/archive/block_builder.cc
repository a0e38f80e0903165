#include "lib/archive/block_builder.h"

#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

// The fields of a header and of one entry of its lists: authseal-format(5).
constexpr std::size_t kHeaderFixedSizeBytes = 124;
constexpr std::size_t kMarkSizeBytes = 9;
constexpr std::size_t kSourceFixedSizeBytes = 90;
constexpr std::size_t kSignatureSizeBytes = 64;
constexpr std::uint8_t kLeafPrefix = 0x00;

Error Refused(std::string message) {
  return {ErrorCode::kInvalidArgument, "block: " + std::move(message)};
}

// What EncodeBlockHeader() takes for granted.
Status CheckSources(const BlockDraft& draft) {
  if (draft.sources.size() > kBlockSourcesMax) {
    return Refused("more than " + std::to_string(kBlockSourcesMax) +
                   " source ranges");
  }
  for (const SourceRange& source : draft.sources) {
    if (source.name.empty() || source.name.size() > kSourceNameSizeBytesMax) {
      return Refused("a source's name is empty or too long");
    }
  }
  return Ok();
}

// Cuts the content at the draft's record ends, which must be where its LFs
// are, all of them.
Status CutRecords(const BlockDraft& draft, std::vector<Bytes>& records) {
  records.clear();
  records.reserve(draft.record_ends_bytes.size());
  const Bytes content = draft.content;
  std::size_t begin = 0;
  for (const std::uint32_t end : draft.record_ends_bytes) {
    if (end < begin || end >= content.size()) {
      return Refused("record ends are out of order");
    }
    const void* const newline =
        std::memchr(content.data() + begin, '\n', content.size() - begin);
    if (newline != content.data() + end) {
      return Refused("a record end is not where the record's LF is");
    }
    records.push_back(content.subspan(begin, end - begin));
    begin = std::size_t{end} + 1;
  }
  if (begin != content.size()) {
    return Refused("bytes behind the last record");
  }
  return Ok();
}

Status CheckDraft(const BlockDraft& draft, std::uint64_t first_record) {
  if (draft.record_ends_bytes.empty()) {
    return Refused("no record");
  }
  if (draft.record_ends_bytes.size() > kBlockRecordsMax) {
    return Refused("more than " + std::to_string(kBlockRecordsMax) +
                   " records");
  }
  if (draft.content.size() > kBlockContentSizeBytesMax) {
    return Refused("more than " + std::to_string(kBlockContentSizeBytesMax) +
                   " bytes of records");
  }
  if (first_record > kRecordNumberMax ||
      draft.record_ends_bytes.size() > kRecordNumberMax - first_record) {
    return Refused("record numbers beyond twelve digits");
  }
  return CheckSources(draft);
}

std::vector<MarkRun> MarkRuns(const std::vector<Bytes>& records) {
  std::vector<MarkRun> runs;
  std::uint32_t number = 0;
  for (const Bytes record : records) {
    const std::optional<RecordMark> mark = MarkOf(AsText(record));
    if (mark.has_value()) {
      const bool extends = !runs.empty() && runs.back().mark == *mark &&
                           runs.back().first + runs.back().count == number;
      if (extends) {
        ++runs.back().count;
      } else {
        runs.push_back({.first = number, .count = 1, .mark = *mark});
      }
    }
    ++number;
  }
  return runs;
}

std::size_t HeaderContentSizeBytes(const BlockHeader& header) {
  std::size_t size = kHeaderFixedSizeBytes + kSignatureSizeBytes +
                     header.range_hashes.size() * Hash::kSizeBytes +
                     header.marks.size() * kMarkSizeBytes;
  for (const SourceRange& source : header.sources) {
    size += kSourceFixedSizeBytes + source.name.size();
  }
  return size;
}

}  // namespace

Result<EncodedBlock> BlockBuilder::Build(const BlockDraft& draft,
                                         std::uint64_t first_record) {
  TRY(CheckDraft(draft, first_record));
  TRY(CutRecords(draft, records_));
  EncodedBlock block;
  TRY(compressor_.Compress(draft.content, block.frame));
  if (block.frame.size() > kBlockStoredSizeBytesMax) {
    return Error{ErrorCode::kInternal, "block: frame above the stored limit"};
  }
  BlockHeader& header = block.header;
  header.first_record = first_record;
  header.record_count = draft.record_count();
  header.content_size_bytes = static_cast<std::uint32_t>(draft.content.size());
  header.stored_size_bytes = static_cast<std::uint32_t>(block.frame.size());
  leaves_.resize(records_.size());
  header.stored_hash =
      Sha256PrefixedBeside(block.frame, kLeafPrefix, records_, leaves_);
  header.ingest_first = draft.ingest_first;
  header.ingest_last = draft.ingest_last;
  header.scrubbed_count = draft.scrubbed_count;
  header.range_hashes =
      CompactRange::FromLeaves(first_record, leaves_).hashes();
  header.marks = MarkRuns(records_);
  header.sources = draft.sources;
  if (HeaderContentSizeBytes(header) > kHeaderContentSizeBytesMax) {
    return Refused("marks and sources beyond the header's limit")
        .WithHint("put fewer records into the block");
  }
  // What we write must be what a reader accepts: sources in order, within the
  // block, in UTF-8.
  const auto read_back = DecodeBlockHeader(EncodeBlockHeader(header));
  if (!read_back.has_value()) {
    return Refused(read_back.error().message);
  }
  return block;
}

}  // namespace authseal
