#include "lib/ingest/record_maker.h"

#include "lib/archive/format.h"
#include "lib/base/utf8.h"

namespace authseal {
namespace {

constexpr std::string_view kReservedName = "authseal";
constexpr std::string_view kJsonSpace = " \t\r\n";
// A text with braces of its own is tried this often, so that a line of
// nothing but braces costs no more than these parses.
constexpr int kPrefixAttemptsMax = 8;

bool IsReserved(const JsonDocument& document) {
  return document.root().Member(kReservedName).has_value();
}

// Whether an object with at least one member may begin at `at`.
bool LooksLikeObject(std::string_view line, std::size_t at) {
  const std::size_t next = line.find_first_not_of(kJsonSpace, at + 1);
  return next != std::string_view::npos && line[next] == '"';
}

// Scrubbing may make a record longer, and a prefix is escaped.
void LeaveToParts(MadeRecord& made) {
  if (made.text.size() > kRecordSizeBytesMax) {
    made.text = {};
    made.unparsed = UnparsedReason::kTooLong;
    made.in_parts = true;
  }
}

}  // namespace

RecordMaker::RecordMaker(const EventMapper& mapper, std::string_view provider)
    : mapper_(mapper),
      provider_(provider),
      recognises_alike_(provider.empty() && mapper.only_built_in()) {}

MadeRecord RecordMaker::Make(std::string_view line) {
  is_document_scrubbed_ = false;
  const Reading reading = Read(line);
  if (reading.unparsed.has_value()) {
    return MakeUnparsed(line, *reading.unparsed);
  }
  return reading.object_begin_bytes == 0
             ? MakeObject(line)
             : MakePrefixed(line, reading.object_begin_bytes);
}

MadeRecord RecordMaker::MakePart(std::string_view piece, std::uint64_t number,
                                 bool last) {
  is_document_scrubbed_ = false;
  MadeRecord made;
  made.unparsed = UnparsedReason::kTooLong;
  record_.clear();
  AppendPartRecord(number, last, ScrubText(piece, made.scrubbed_count),
                   record_);
  made.text = record_;
  return made;
}

void RecordMaker::ReadBack(MadeRecord& made) {
  if (made.document != nullptr || made.in_parts) {
    return;
  }
  if (!MoveDocument(made.text)) {
    if (document_.Parse(made.text) != JsonFault::kNone) {
      return;
    }
    shapes_.Recognise(document_);
  }
  made.document = &document_;
  if (recognises_alike_) {
    mapper_.TokenPointers(document_, provider_, mapper_scratch_,
                          token_pointers_);
    made.recognised = &mapper_scratch_;
  }
}

// True where `text` is what scrubbing made of the document's own.
bool RecordMaker::MoveDocument(std::string_view text) {
  if (!is_document_scrubbed_) {
    return false;
  }
  is_document_scrubbed_ = false;
  replacements_.clear();
  for (const ScrubEdit& edit : scrubber_.edits()) {
    replacements_.push_back({edit.begin, edit.end, edit.text.size()});
  }
  return document_.MoveTo(text, replacements_);
}

std::string RecordMaker::ScrubbedLine(std::string_view line,
                                      std::uint32_t& count) {
  const Reading reading = Read(line);
  return std::string(reading.unparsed || reading.object_begin_bytes > 0
                         ? ScrubText(line, count)
                         : ScrubObject(line, count));
}

RecordMaker::Reading RecordMaker::Read(std::string_view line) {
  Reading reading;
  const JsonFault fault = document_.Parse(line);
  if (fault == JsonFault::kNone) {
    if (!document_.root().is_object()) {
      reading.unparsed = UnparsedReason::kNotObject;
    } else if (IsReserved(document_)) {
      reading.unparsed = UnparsedReason::kReserved;
    }
    return reading;
  }
  if (!IsValidUtf8(line)) {
    reading.unparsed = UnparsedReason::kUtf8;
  } else if (line.find('\0') != std::string_view::npos) {
    reading.unparsed = UnparsedReason::kNul;
  } else if (fault == JsonFault::kTooDeep) {
    reading.unparsed = UnparsedReason::kTooDeep;
  } else if (!FindObjectBehindText(line, reading)) {
    reading.unparsed = UnparsedReason::kNotJson;
  }
  return reading;
}

// True when there is one; it may be one that is too deep or reserved.
bool RecordMaker::FindObjectBehindText(std::string_view line,
                                       Reading& reading) {
  const std::size_t last = line.find_last_not_of(kJsonSpace);
  const std::size_t first = line.find_first_not_of(kJsonSpace);
  // A broken object is not a text before the objects within it.
  if (last == std::string_view::npos || line[last] != '}' ||
      line[first] == '{') {
    return false;
  }
  std::size_t at = line.find('{', first);
  for (int attempt = 0;
       attempt < kPrefixAttemptsMax && at != std::string_view::npos;
       at = line.find('{', at + 1)) {
    if (!LooksLikeObject(line, at)) {
      continue;
    }
    ++attempt;
    const JsonFault fault = document_.Parse(line.substr(at));
    if (fault == JsonFault::kTooDeep) {
      reading.unparsed = UnparsedReason::kTooDeep;
      return true;
    }
    if (fault == JsonFault::kNone) {
      reading.object_begin_bytes = at;
      if (IsReserved(document_)) {
        reading.unparsed = UnparsedReason::kReserved;
      }
      return true;
    }
  }
  return false;
}

MadeRecord RecordMaker::MakeObject(std::string_view line) {
  MadeRecord made;
  made.text = ScrubObject(line, made.scrubbed_count);
  if (made.scrubbed_count == 0) {
    made.document = &document_;
    made.recognised = recognises_alike_ ? &mapper_scratch_ : nullptr;
  }
  is_document_scrubbed_ = made.scrubbed_count > 0;
  LeaveToParts(made);
  return made;
}

MadeRecord RecordMaker::MakePrefixed(std::string_view line,
                                     std::size_t object_begin) {
  MadeRecord made;
  const std::string_view object =
      ScrubObject(line.substr(object_begin), made.scrubbed_count);
  const std::string_view prefix =
      ScrubText(line.substr(0, object_begin), made.scrubbed_count);
  record_.clear();
  AppendPrefixRecord(prefix, object, record_);
  made.text = record_;
  LeaveToParts(made);
  return made;
}

MadeRecord RecordMaker::MakeUnparsed(std::string_view line,
                                     UnparsedReason reason) {
  MadeRecord made;
  made.unparsed = reason;
  // A reserved object was parsed, so its secrets are found by member too. One
  // behind a text is scrubbed as text, like the prefix before it.
  const bool parsed = reason == UnparsedReason::kReserved &&
                      line.find_first_not_of(kJsonSpace) == line.find('{');
  const std::string_view text = parsed ? ScrubObject(line, made.scrubbed_count)
                                       : ScrubText(line, made.scrubbed_count);
  if (!FitsUnparsedRecord(text)) {
    made.unparsed = UnparsedReason::kTooLong;
    made.in_parts = true;
    return made;
  }
  record_.clear();
  AppendUnparsedRecord(reason, text, record_);
  made.text = record_;
  return made;
}

std::string_view RecordMaker::ScrubObject(std::string_view text,
                                          std::uint32_t& count) {
  shapes_.Recognise(document_);
  token_pointers_.clear();
  mapper_.TokenPointers(document_, provider_, mapper_scratch_, token_pointers_);
  const std::size_t replaced =
      scrubber_.ScrubJson(text, document_, token_pointers_, object_text_);
  count += static_cast<std::uint32_t>(replaced);
  return replaced == 0 ? text : std::string_view(object_text_);
}

std::string_view RecordMaker::ScrubText(std::string_view text,
                                        std::uint32_t& count) {
  const std::size_t replaced = scrubber_.ScrubText(text, plain_text_);
  count += static_cast<std::uint32_t>(replaced);
  return replaced == 0 ? text : std::string_view(plain_text_);
}

}  // namespace authseal
