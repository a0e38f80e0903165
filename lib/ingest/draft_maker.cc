#include "lib/ingest/draft_maker.h"

#include <algorithm>
#include <utility>

#include "lib/archive/format.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

// A chunk has about kBlockContentSizeBytesTarget; the room above it keeps
// scrubbing and wrapping from leaving a tiny second block behind each.
constexpr std::size_t kDraftSizeBytesMax = kBlockContentSizeBytesTarget / 4 * 5;
constexpr std::size_t kKeptDraftsMax = 2;

std::uint64_t SourceOffset(const SourceSlice& slice, std::size_t at) {
  return slice.begin_bytes + (at - slice.begin);
}

// Of the source's first 4 KiB, or of [0, end_bytes) while that is less.
Hash HeadHash(const RawChunk& chunk, const SourceSlice& slice,
              std::uint64_t end_bytes) {
  if (slice.begin_bytes >= kSourceProbeSizeBytes) {
    return slice.head_hash;
  }
  const std::size_t size = static_cast<std::size_t>(
      std::min<std::uint64_t>(end_bytes, kSourceProbeSizeBytes));
  return Sha256Of(
      Bytes(chunk.bytes).subspan(slice.begin - slice.look_back_size, size));
}

Hash TailHash(const RawChunk& chunk, const SourceSlice& slice,
              std::uint64_t end_bytes) {
  const std::size_t at =
      slice.begin + static_cast<std::size_t>(end_bytes - slice.begin_bytes);
  const std::size_t size = static_cast<std::size_t>(
      std::min<std::uint64_t>(end_bytes, kSourceProbeSizeBytes));
  return Sha256Of(Bytes(chunk.bytes).subspan(at - size, size));
}

void ClearRecords(ChunkRecords& records) {
  if (records.drafts.size() > kKeptDraftsMax) {
    records.drafts.resize(kKeptDraftsMax);
  }
  for (BlockDraft& draft : records.drafts) {
    if (draft.content.capacity() > 2 * kDraftSizeBytesMax) {
      draft.content = ByteVector();
    }
  }
  records.draft_count = 0;
  records.index_parts.clear();
  records.record_count = 0;
  records.unparsed_count = 0;
  records.scrubbed_count = 0;
  records.unparsed.clear();
  records.progress.clear();
  records.stopped_at.reset();
  records.line_count_before_stop = 0;
  records.bytes_before_stop = 0;
}

}  // namespace

DraftMaker::DraftMaker(const EventMapper& mapper, const Options& options)
    : record_maker_(mapper, options.provider), strict_(options.strict) {
  if (options.index != nullptr) {
    index_part_maker_.emplace(*options.index);
  }
}

void DraftMaker::Make(const RawChunk& chunk, ChunkRecords& out) {
  ClearRecords(out);
  MakeDrafts(chunk, out);
  TakeIndexPart(out);
}

void DraftMaker::MakeDrafts(const RawChunk& chunk, ChunkRecords& out) {
  for (const SourceSlice& slice : chunk.slices) {
    if (slice.line_count == 0) {
      continue;
    }
    range_begin_bytes_ = range_end_bytes_ = slice.begin_bytes;
    range_first_ = out.draft_count == 0
                       ? 0
                       : out.drafts[out.draft_count - 1].record_count();
    bool go_on = true;
    for (std::size_t i = 0; i < slice.line_count && go_on; ++i) {
      go_on = AddLine(chunk, slice, chunk.lines[slice.first_line + i], out);
    }
    CloseRange(chunk, slice, out);
    if (!go_on) {
      CountBeforeStop(chunk, slice, out);
      return;
    }
  }
}

// `stopped`: the slice where strict ended.
void DraftMaker::CountBeforeStop(const RawChunk& chunk,
                                 const SourceSlice& stopped,
                                 ChunkRecords& out) {
  for (const SourceSlice& slice : chunk.slices) {
    std::size_t end = slice.begin;
    for (std::size_t i = 0; i < slice.line_count; ++i) {
      const DeliveredLine& line = chunk.lines[slice.first_line + i];
      if (&slice == &stopped &&
          SourceOffset(slice, line.end) >= out.stopped_at->offset_bytes) {
        break;
      }
      end = line.end;
    }
    const std::string_view taken =
        AsText(Bytes(chunk.bytes).subspan(slice.begin, end - slice.begin));
    out.bytes_before_stop += taken.size();
    out.line_count_before_stop += static_cast<std::uint64_t>(
        std::count(taken.begin(), taken.end(), '\n'));
    if (&slice == &stopped) {
      return;
    }
  }
}

// False when strict ends here.
bool DraftMaker::AddLine(const RawChunk& chunk, const SourceSlice& slice,
                         const DeliveredLine& line, ChunkRecords& out) {
  using Kind = DeliveredLine::Kind;
  const std::string_view text = chunk.Text(line);
  const bool is_part = line.kind == Kind::kPart || line.kind == Kind::kLastPart;
  MadeRecord made = is_part
                        ? record_maker_.MakePart(text, line.part_number,
                                                 line.kind == Kind::kLastPart)
                        : record_maker_.Make(text);
  if (made.unparsed.has_value() && (line.kind != Kind::kPart || strict_) &&
      !NoteUnparsed(slice, line, *made.unparsed, out)) {
    return false;
  }
  if (made.in_parts) {
    AddParts(chunk, slice, line, out);
  } else {
    Append(chunk, slice, made, out);
  }
  range_end_bytes_ = SourceOffset(slice, line.end);
  return true;
}

void DraftMaker::AddParts(const RawChunk& chunk, const SourceSlice& slice,
                          const DeliveredLine& line, ChunkRecords& out) {
  // Scrubbed while it is whole: what is secret may show only in its context.
  std::uint32_t scrubbed_count = 0;
  const std::string text =
      record_maker_.ScrubbedLine(chunk.Text(line), scrubbed_count);
  std::string_view rest = text;
  for (std::uint64_t number = 0; !rest.empty(); ++number) {
    const std::string_view piece = rest.substr(0, NextPartSizeBytes(rest));
    rest.remove_prefix(piece.size());
    MadeRecord made = record_maker_.MakePart(piece, number, rest.empty());
    made.scrubbed_count += std::exchange(scrubbed_count, 0);
    Append(chunk, slice, made, out);
  }
}

// False when strict ends here.
bool DraftMaker::NoteUnparsed(const SourceSlice& slice,
                              const DeliveredLine& line, UnparsedReason reason,
                              ChunkRecords& out) const {
  UnparsedLine noted{.source = slice.name,
                     .line_number = line.line_number,
                     .offset_bytes = SourceOffset(slice, line.end),
                     .reason = reason};
  if (strict_) {
    out.stopped_at = std::move(noted);
    return false;
  }
  ++out.unparsed_count;
  if (out.unparsed.size() < kUnparsedDetailsMax) {
    out.unparsed.push_back(std::move(noted));
  }
  return true;
}

void DraftMaker::Append(const RawChunk& chunk, const SourceSlice& slice,
                        MadeRecord& made, ChunkRecords& out) {
  const std::size_t size = made.text.size() + 1;
  if (out.draft_count == 0) {
    NextDraft(chunk, out);
  } else if (out.drafts[out.draft_count - 1].content.size() + size >
             kDraftSizeBytesMax) {
    CloseRange(chunk, slice, out);
    NextDraft(chunk, out);
    range_first_ = 0;
  }
  BlockDraft& draft = out.drafts[out.draft_count - 1];
  const Bytes bytes = AsBytes(made.text);
  draft.content.insert(draft.content.end(), bytes.begin(), bytes.end());
  draft.record_ends_bytes.push_back(
      static_cast<std::uint32_t>(draft.content.size()));
  draft.content.push_back('\n');
  draft.scrubbed_count += made.scrubbed_count;
  if (index_part_maker_.has_value()) {
    record_maker_.ReadBack(made);
    index_part_maker_->Add(made.text, made.document, made.recognised);
  }
  out.scrubbed_count += made.scrubbed_count;
  ++out.record_count;
}

// Ends the range of `slice` in the last draft, and begins the next one there.
void DraftMaker::CloseRange(const RawChunk& chunk, const SourceSlice& slice,
                            ChunkRecords& out) {
  if (out.draft_count == 0) {
    return;
  }
  BlockDraft& draft = out.drafts[out.draft_count - 1];
  const std::uint32_t count = draft.record_count() - range_first_;
  if (count == 0) {
    return;
  }
  draft.sources.push_back(
      SourceRange{.first = range_first_,
                  .count = count,
                  .begin_bytes = range_begin_bytes_,
                  .end_bytes = range_end_bytes_,
                  .head_hash = HeadHash(chunk, slice, range_end_bytes_),
                  .tail_hash = TailHash(chunk, slice, range_end_bytes_),
                  .name = slice.name});
  out.progress.push_back(SourceProgress{.source_index = slice.source_index,
                                        .end_bytes = range_end_bytes_});
  range_first_ = draft.record_count();
  range_begin_bytes_ = range_end_bytes_;
}

void DraftMaker::NextDraft(const RawChunk& chunk, ChunkRecords& out) {
  TakeIndexPart(out);
  if (out.draft_count == out.drafts.size()) {
    out.drafts.emplace_back();
  }
  BlockDraft& draft = out.drafts[out.draft_count++];
  draft.content.clear();
  draft.content.reserve(kDraftSizeBytesMax);
  draft.record_ends_bytes.clear();
  draft.sources.clear();
  draft.scrubbed_count = 0;
  draft.ingest_first = chunk.first_time;
  // The clock may have been set back in between.
  draft.ingest_last = std::max(chunk.first_time, chunk.last_time);
  if (index_part_maker_.has_value()) {
    index_part_maker_->Begin(draft.ingest_first);
  }
}

// Of the last draft, which takes no more records.
void DraftMaker::TakeIndexPart(ChunkRecords& out) {
  if (index_part_maker_.has_value() && out.draft_count > 0) {
    out.index_parts.push_back(index_part_maker_->Take());
  }
}

}  // namespace authseal
