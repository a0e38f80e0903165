// One delivered line becomes one stored record: a provider's object as it
// stands, or a wrapped one; secrets replaced in either.
#ifndef AUTHSEAL_INGEST_RECORD_MAKER_H_
#define AUTHSEAL_INGEST_RECORD_MAKER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/event/mapper.h"
#include "lib/ingest/wrapped_record.h"
#include "lib/json/document.h"
#include "lib/json/shape.h"
#include "lib/scrub/scrubber.h"

namespace authseal {

struct MadeRecord {
  // Without LF; valid until the next Make and as long as the line is.
  std::string_view text;
  // Why the line is no object; empty for an object, with a prefix or without.
  std::optional<UnparsedReason> unparsed;
  // The record would be larger than kRecordSizeBytesMax: `text` is empty, and
  // the line is to be kept as parts.
  bool in_parts = false;
  std::uint32_t scrubbed_count = 0;
  // Of `text`, valid as long; null where `text` was made anew, until ReadBack.
  const JsonDocument* document = nullptr;
  // What any mapper's MapRecognised makes the events of `document` of; null
  // where a provider's name or a user's mappings had a say in it.
  EventMapper::Scratch* recognised = nullptr;
};

// Reused from line to line; one a thread.
class RecordMaker {
 public:
  // `mapper` is borrowed; `provider` as EventMapper has it, empty: recognise.
  RecordMaker(const EventMapper& mapper, std::string_view provider);

  // `line`: any bytes without LF, at most kRecordSizeBytesMax, not blank.
  MadeRecord Make(std::string_view line);
  MadeRecord MakePart(std::string_view piece, std::uint64_t number, bool last);
  // Gives the record made last its `document`, and what goes with it. Cheap
  // where scrubbing changed nothing but values: the shape is known then.
  void ReadBack(MadeRecord& made);
  // A line that is to be kept in parts, its secrets replaced; adds how many.
  std::string ScrubbedLine(std::string_view line, std::uint32_t& count);

 private:
  struct Reading {
    std::optional<UnparsedReason> unparsed;
    std::size_t object_begin_bytes = 0;  // behind a prefix
  };
  Reading Read(std::string_view line);
  bool FindObjectBehindText(std::string_view line, Reading& reading);
  MadeRecord MakeObject(std::string_view line);
  MadeRecord MakePrefixed(std::string_view line, std::size_t object_begin);
  MadeRecord MakeUnparsed(std::string_view line, UnparsedReason reason);
  // Both give `text` itself where there is nothing to replace.
  bool MoveDocument(std::string_view text);
  std::string_view ScrubObject(std::string_view text, std::uint32_t& count);
  std::string_view ScrubText(std::string_view text, std::uint32_t& count);

  const EventMapper& mapper_;
  std::string provider_;
  bool recognises_alike_;  // as every mapper without mappings of a user's own
  EventMapper::Scratch mapper_scratch_;
  JsonDocument document_;  // of the object, when there is one
  JsonShapes shapes_;
  bool is_document_scrubbed_ =
      false;  // what was made last is what became of it
  std::vector<JsonReplacement> replacements_;
  Scrubber scrubber_;
  std::vector<std::string> token_pointers_;
  std::string object_text_;
  std::string plain_text_;
  std::string record_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_RECORD_MAKER_H_
