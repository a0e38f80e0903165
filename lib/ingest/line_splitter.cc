#include "lib/ingest/line_splitter.h"

#include <algorithm>
#include <cstring>

#include "lib/archive/format.h"
#include "lib/ingest/wrapped_record.h"

namespace authseal {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlank = " \t\r";
constexpr std::size_t kNone = std::string_view::npos;

// As find, but by memchr, which is many times faster on long lines.
std::size_t FindLineFeed(std::string_view text, std::size_t from) {
  if (from >= text.size()) {
    return kNone;
  }
  const void* found = std::memchr(text.data() + from, '\n', text.size() - from);
  return found == nullptr ? kNone
                          : static_cast<std::size_t>(
                                static_cast<const char*>(found) - text.data());
}

std::string_view UsedText(const RawChunk& chunk) {
  return AsText(Bytes(chunk.bytes).first(chunk.used_size));
}

// An object that does not end on its line.
bool IsOpenObject(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlank);
  return first != kNone && line[first] == '{' &&
         line[line.find_last_not_of(kBlank)] != '}';
}

}  // namespace

void LineSplitter::BeginSource(const RawChunk& chunk, std::size_t begin,
                               Place place) {
  mode_ = Mode::kLines;
  source_begin_ = place == Place::kSourceBegin;
  mid_line_ = place == Place::kWithinLine;
  resumed_in_array_ = mid_line_;
  object_complete_ = false;
  pending_ = scanned_ = plain_until_ = begin;
  slice_line_ = chunk.lines.size();
  failures_in_a_row_ = 0;
  part_number_ = 0;
  line_number_ = 1;
}

void LineSplitter::MoveTo(std::size_t begin) {
  scanned_ = scanned_ - pending_ + begin;
  plain_until_ =
      plain_until_ > pending_ ? plain_until_ - pending_ + begin : begin;
  pending_ = begin;
  slice_line_ = 0;
}

void LineSplitter::Split(RawChunk& chunk, bool at_end) {
  while (chunk.lines.size() < kChunkLinesMax &&
         Advance(chunk, at_end) == Step::kGoOn) {
  }
  if (at_end && pending_ == chunk.used_size && mid_line_ &&
      !resumed_in_array_) {
    ++chunk.delivered_line_count;  // the last line, without LF
    mid_line_ = false;
  }
}

void LineSplitter::GiveUp(RawChunk& chunk) {
  const std::string_view text = UsedText(chunk);
  const std::size_t last = text.find_last_of('\n');
  if (last == kNone || last < pending_ || mode_ == Mode::kParts) {
    return;  // no whole line waits
  }
  LeaveAssembly(last + 1);
  Split(chunk, /*at_end=*/false);
}

LineSplitter::Step LineSplitter::Advance(RawChunk& chunk, bool at_end) {
  switch (mode_) {
    case Mode::kLines:
      return StepLine(chunk, at_end);
    case Mode::kArray:
      return StepArray(chunk, at_end);
    case Mode::kElement:
    case Mode::kObject:
      return StepScan(chunk, at_end);
    case Mode::kParts:
      return StepParts(chunk, at_end);
  }
  return Step::kNeedMore;
}

// False while it cannot be known yet.
bool LineSplitter::SkipByteOrderMark(const RawChunk& chunk, bool at_end) {
  const std::string_view text = UsedText(chunk).substr(pending_);
  if (text.starts_with(kByteOrderMark)) {
    pending_ = scanned_ = pending_ + kByteOrderMark.size();
  } else if (!at_end && kByteOrderMark.starts_with(text)) {
    return false;
  }
  source_begin_ = false;
  return true;
}

bool LineSplitter::MayAssemble() const {
  return options_.assemble && pending_ >= plain_until_;
}

LineSplitter::Step LineSplitter::StepLine(RawChunk& chunk, bool at_end) {
  if (source_begin_ && !SkipByteOrderMark(chunk, at_end)) {
    return Step::kNeedMore;
  }
  const std::string_view text = UsedText(chunk);
  if (pending_ == text.size()) {
    return Step::kNeedMore;
  }
  if (MayAssemble() && scanned_ == pending_) {
    switch (LookForArray(chunk, at_end)) {
      case Array::kYes:
        return Step::kGoOn;
      case Array::kUnknown:
        return Step::kNeedMore;
      case Array::kNo:
        break;
    }
  }
  const std::size_t line_feed = FindLineFeed(text, scanned_);
  const bool whole = line_feed != kNone || at_end;
  const std::size_t end = line_feed != kNone ? line_feed : text.size();
  // One more byte may be the CR of the line end.
  if (end - pending_ > kRecordSizeBytesMax + 1) {
    mode_ = Mode::kParts;
    part_number_ = 0;
    return Step::kGoOn;
  }
  if (!whole) {
    scanned_ = end;
    return Step::kNeedMore;
  }
  const std::string_view line = text.substr(pending_, end - pending_);
  if (MayAssemble() && IsOpenObject(line)) {
    BeginScan(Mode::kObject, pending_ + line.find('{'));
    return Step::kGoOn;
  }
  if (pending_ >= plain_until_) {
    failures_in_a_row_ = 0;
  }
  EmitLine(chunk, end, line_feed != kNone);
  return Step::kGoOn;
}

// The line [pending_, line_end).
void LineSplitter::EmitLine(RawChunk& chunk, std::size_t line_end,
                            bool has_line_feed) {
  const std::size_t next = line_end + (has_line_feed ? 1 : 0);
  std::size_t size = line_end - pending_;
  if (has_line_feed && size > 0 && chunk.bytes[line_end - 1] == '\r') {
    --size;
  }
  const std::string_view line = UsedText(chunk).substr(pending_, size);
  if (line.find_first_not_of(kBlank) == kNone) {
    chunk.blank_count += mid_line_ ? 0 : 1;
  } else {
    Emit(chunk, DeliveredLine::Kind::kWhole, pending_, size, next);
  }
  ++chunk.delivered_line_count;
  ++line_number_;
  mid_line_ = false;
  resumed_in_array_ = false;
  pending_ = scanned_ = next;
}

LineSplitter::Step LineSplitter::StepParts(RawChunk& chunk, bool at_end) {
  const std::string_view text = UsedText(chunk);
  const std::size_t line_feed = FindLineFeed(text, scanned_);
  const bool whole = line_feed != kNone || at_end;
  scanned_ = line_feed != kNone ? line_feed : text.size();
  std::string_view rest = text.substr(pending_, scanned_ - pending_);
  if (line_feed != kNone && rest.ends_with('\r')) {
    rest.remove_suffix(1);
  }
  // Holding two parts back keeps the last one from being empty.
  if (!whole && rest.size() < std::size_t{2} * kPartSizeBytesMax) {
    return Step::kNeedMore;
  }
  const std::size_t size = NextPartSizeBytes(rest);
  if (!whole || size < rest.size()) {
    Emit(chunk, DeliveredLine::Kind::kPart, pending_, size, pending_ + size)
        .part_number = part_number_++;
    pending_ += size;
    mid_line_ = true;
    return Step::kGoOn;
  }
  const std::size_t next = scanned_ + (line_feed != kNone ? 1 : 0);
  Emit(chunk, DeliveredLine::Kind::kLastPart, pending_, size, next)
      .part_number = part_number_;
  ++chunk.delivered_line_count;
  ++line_number_;
  mid_line_ = false;
  mode_ = Mode::kLines;
  pending_ = scanned_ = next;
  return Step::kGoOn;
}

DeliveredLine& LineSplitter::Emit(RawChunk& chunk, DeliveredLine::Kind kind,
                                  std::size_t begin, std::size_t size,
                                  std::size_t end) {
  // A chunk is far below 4 GiB: it is full at kBlockContentSizeBytesTarget,
  // and what waits in it for its end is bounded by kRecordSizeBytesMax.
  chunk.lines.push_back(
      DeliveredLine{.begin = static_cast<std::uint32_t>(begin),
                    .size = static_cast<std::uint32_t>(size),
                    .end = static_cast<std::uint32_t>(end),
                    .kind = kind,
                    .line_number = line_number_});
  return chunk.lines.back();
}

// Moves on to `end`, and counts the lines that end on the way.
void LineSplitter::Take(RawChunk& chunk, std::size_t end) {
  const std::string_view taken =
      UsedText(chunk).substr(pending_, end - pending_);
  const auto count =
      static_cast<std::uint64_t>(std::count(taken.begin(), taken.end(), '\n'));
  chunk.delivered_line_count += count;
  line_number_ += count;
  if (!taken.empty()) {
    mid_line_ = taken.back() != '\n';
  }
  pending_ = scanned_ = end;
}

}  // namespace authseal
