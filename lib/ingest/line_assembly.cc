// The part of LineSplitter that puts objects spread over lines on one line
// each, and takes top-level arrays apart.
//
// Rejected: a whole parse of each candidate when its last line is there. What
// is no object is then known only after 16 MiB, and a live stream would stand
// still behind one cut line.
#include <algorithm>

#include "lib/archive/format.h"
#include "lib/ingest/line_splitter.h"

namespace authseal {
namespace {

constexpr std::string_view kJsonSpace = " \t\r\n";
constexpr std::string_view kBlank = " \t\r";
constexpr std::size_t kNone = std::string_view::npos;

constexpr std::size_t kAssembledLinesMax = 100'000;
// More white space than this is not waited through.
constexpr std::size_t kSpaceSizeBytesMax = 64u << 10;
// After so many failures in a row the lines already seen stand as they are, so
// that no byte is scanned more often than this.
constexpr int kFailuresInARowMax = 8;

std::string_view UsedText(const RawChunk& chunk) {
  return AsText(Bytes(chunk.bytes).first(chunk.used_size));
}

std::size_t CountLineFeeds(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

// At the begin of a line: whether an array of objects begins here, or goes on
// here after a resume.
LineSplitter::Array LineSplitter::LookForArray(RawChunk& chunk, bool at_end) {
  const std::string_view text = UsedText(chunk);
  const std::size_t first =
      text.find_first_not_of(resumed_in_array_ ? kJsonSpace : kBlank, pending_);
  const auto wait = [&](std::size_t from) {
    return at_end || text.size() - from > kSpaceSizeBytesMax ? Array::kNo
                                                             : Array::kUnknown;
  };
  if (first == kNone) {
    return resumed_in_array_ ? wait(pending_) : Array::kNo;
  }
  if (resumed_in_array_) {
    resumed_in_array_ = false;
    if (text[first] == ',' || text[first] == ']') {
      mode_ = Mode::kArray;
      return Array::kYes;
    }
    return Array::kNo;
  }
  if (text[first] != '[') {
    return Array::kNo;
  }
  const std::size_t next = text.find_first_not_of(kJsonSpace, first + 1);
  if (next == kNone) {
    return wait(first);
  }
  if (text[next] == '{') {
    BeginScan(Mode::kElement, next);
    return Array::kYes;
  }
  if (text[next] != ']') {
    return Array::kNo;
  }
  // An array of nothing has no record; it counts like a blank line.
  const std::size_t end = text.find_first_not_of(kBlank, next + 1);
  if (end == kNone && !at_end) {
    return wait(next);
  }
  if (end != kNone && text[end] != '\n') {
    return Array::kNo;
  }
  ++chunk.blank_count;
  Take(chunk, end == kNone ? text.size() : end + 1);
  return Array::kYes;
}

LineSplitter::Step LineSplitter::StepArray(RawChunk& chunk, bool at_end) {
  const std::string_view text = UsedText(chunk);
  const std::size_t next = text.find_first_not_of(kJsonSpace, scanned_);
  Take(chunk, next == kNone ? text.size() : next);
  if (next == kNone) {
    if (at_end) {
      LeaveAssembly(pending_);
    }
    return Step::kNeedMore;
  }
  switch (text[next]) {
    case ',':
      return StepSeparator(chunk, next, at_end);
    case ']':
      return CloseArray(chunk, next, at_end);
    default:
      LeaveAssembly(pending_);
      return Step::kGoOn;
  }
}

// The comma is taken only with the element behind it: if none comes, it
// belongs to the text that is kept as it stands.
LineSplitter::Step LineSplitter::StepSeparator(RawChunk& chunk,
                                               std::size_t comma, bool at_end) {
  const std::string_view text = UsedText(chunk);
  const std::size_t next = text.find_first_not_of(kJsonSpace, comma + 1);
  if (next == kNone && !at_end && text.size() - comma <= kSpaceSizeBytesMax) {
    return Step::kNeedMore;
  }
  if (next != kNone && text[next] == '{') {
    BeginScan(Mode::kElement, next);
  } else if (next != kNone && text[next] == ']') {
    return CloseArray(chunk, next, at_end);
  } else {
    LeaveAssembly(pending_ + 1);
  }
  return Step::kGoOn;
}

LineSplitter::Step LineSplitter::CloseArray(RawChunk& chunk,
                                            std::size_t bracket, bool at_end) {
  const std::string_view text = UsedText(chunk);
  const std::size_t next = text.find_first_not_of(kBlank, bracket + 1);
  if (next == kNone && !at_end && text.size() - bracket <= kSpaceSizeBytesMax) {
    return Step::kNeedMore;
  }
  const bool line_ends = next == kNone || text[next] == '\n';
  const std::size_t line_end = next == kNone ? text.size() : next + 1;
  Take(chunk, line_ends ? line_end : bracket + 1);
  mode_ = Mode::kLines;
  if (line_ends && chunk.lines.size() > slice_line_) {
    chunk.lines.back().end = static_cast<std::uint32_t>(line_end);
  }
  return Step::kGoOn;
}

void LineSplitter::BeginScan(Mode mode, std::size_t begin) {
  mode_ = mode;
  scanned_ = begin;
  object_complete_ = false;
  scanner_.Reset();
}

LineSplitter::Step LineSplitter::StepScan(RawChunk& chunk, bool at_end) {
  const std::string_view text = UsedText(chunk);
  const std::size_t begin = scanned_ - scanner_.size_bytes();
  if (!object_complete_) {
    const auto outcome = scanner_.Feed(text.substr(scanned_));
    scanned_ = begin + scanner_.size_bytes();
    const bool open = outcome == ObjectScanner::Outcome::kOpen;
    if (outcome == ObjectScanner::Outcome::kBroken || (open && at_end)) {
      FallBack(scanned_);
      return Step::kGoOn;
    }
    if (scanner_.size_bytes() > kRecordSizeBytesMax ||
        scanner_.line_feed_count() > kAssembledLinesMax) {
      LeaveAssembly(scanned_);
      return Step::kGoOn;
    }
    if (open) {
      return Step::kNeedMore;
    }
    object_complete_ = true;
  }
  return mode_ == Mode::kElement ? FinishElement(chunk, scanned_)
                                 : FinishObject(chunk, scanned_, at_end);
}

LineSplitter::Step LineSplitter::FinishElement(RawChunk& chunk,
                                               std::size_t object_end) {
  if (!EmitObject(chunk, object_end - scanner_.size_bytes(), object_end)) {
    FallBack(object_end);
    return Step::kGoOn;
  }
  Take(chunk, object_end);
  mode_ = Mode::kArray;
  return Step::kGoOn;
}

// Behind the object only the line end may stand, or the comma of an array
// whose begin was not seen as one.
LineSplitter::Step LineSplitter::FinishObject(RawChunk& chunk,
                                              std::size_t object_end,
                                              bool at_end) {
  const std::string_view text = UsedText(chunk);
  std::size_t next = text.find_first_not_of(kBlank, object_end);
  const bool comma = next != kNone && text[next] == ',';
  if (comma) {
    next = text.find_first_not_of(kBlank, next + 1);
  }
  if (next == kNone && !at_end &&
      text.size() - object_end <= kSpaceSizeBytesMax) {
    return Step::kNeedMore;
  }
  if ((next != kNone && text[next] != '\n') ||
      !EmitObject(chunk, object_end - scanner_.size_bytes(), object_end)) {
    FallBack(object_end);
    return Step::kGoOn;
  }
  if (comma) {
    Take(chunk, object_end);
    mode_ = Mode::kArray;
    return Step::kGoOn;
  }
  const std::size_t line_end = next == kNone ? text.size() : next + 1;
  chunk.lines.back().end = static_cast<std::uint32_t>(line_end);
  Take(chunk, line_end);
  mode_ = Mode::kLines;
  return Step::kGoOn;
}

// False when it is no JSON object after all. On one line it stands as it is,
// and the worker judges it.
bool LineSplitter::EmitObject(RawChunk& chunk, std::size_t begin,
                              std::size_t end) {
  const std::string_view text = UsedText(chunk);
  const std::string_view object = text.substr(begin, end - begin);
  const std::uint64_t line_number =
      line_number_ + CountLineFeeds(text.substr(pending_, begin - pending_));
  if (scanner_.line_feed_count() == 0) {
    Emit(chunk, DeliveredLine::Kind::kWhole, begin, object.size(), end)
        .line_number = line_number;
  } else {
    if (document_.Parse(object) != JsonFault::kNone) {
      return false;
    }
    const std::size_t folded_begin = chunk.folded.size();
    AppendFolded(object, chunk.folded);
    Emit(chunk, DeliveredLine::Kind::kFolded, folded_begin,
         chunk.folded.size() - folded_begin, end)
        .line_number = line_number;
  }
  failures_in_a_row_ = 0;
  return true;
}

// Lines from pending() on are lines again; those that begin before
// `plain_until` are not tried anew.
void LineSplitter::LeaveAssembly(std::size_t plain_until) {
  mode_ = Mode::kLines;
  scanned_ = pending_;
  plain_until_ = std::max(plain_until_, plain_until);
}

void LineSplitter::FallBack(std::size_t failed_at) {
  ++failures_in_a_row_;
  const bool often = failures_in_a_row_ >= kFailuresInARowMax;
  LeaveAssembly(often ? failed_at : pending_ + 1);
}

}  // namespace authseal
