// Splits one source's bytes into lines at LF, as they come in.
//
// CR before LF belongs to the line end; a BOM at the source's begin is
// dropped; blank lines are counted. A line longer than kRecordSizeBytesMax
// comes in parts. A top-level array of objects and an object spread over lines
// become one line per object; where that turns out not to be what the text is,
// its lines are given as they stand, in order, with nothing lost.
//
// Works in the chunk's own bytes and copies nothing but folded objects. Keeps
// no bytes itself: what it has not taken yet stays between pending() and the
// chunk's end, and the caller carries it to the next chunk.
#ifndef AUTHSEAL_INGEST_LINE_SPLITTER_H_
#define AUTHSEAL_INGEST_LINE_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/ingest/object_scanner.h"
#include "lib/ingest/raw_chunk.h"
#include "lib/json/document.h"

namespace authseal {

class LineSplitter {
 public:
  struct Options {
    bool assemble = true;  // arrays, and objects over several lines
  };
  // Where in its source a text begins.
  enum class Place : std::uint8_t {
    kSourceBegin,
    kLineBegin,
    kWithinLine,  // behind an element of an array, or a last line without LF
  };

  explicit LineSplitter(Options options) : options_(options) {}

  // Begins a source (or resumes it) at byte `begin` of the chunk.
  void BeginSource(const RawChunk& chunk, std::size_t begin, Place place);
  // The pending bytes now are at `begin` of another chunk.
  void MoveTo(std::size_t begin);

  // Takes whole lines up to chunk.used_size, or until the chunk has
  // kChunkLinesMax. `at_end`: nothing follows; a last line without LF is one.
  void Split(RawChunk& chunk, bool at_end);
  // Waits no longer for the end of an object: its lines are given as they
  // stand.
  void GiveUp(RawChunk& chunk);

  std::size_t pending() const { return pending_; }

 private:
  enum class Mode : std::uint8_t {
    kLines,
    kArray,    // between the elements of a top-level array
    kElement,  // within one
    kObject,   // within an object spread over lines
    kParts,    // within a line that is too long
  };
  enum class Step : std::uint8_t {
    kGoOn,
    kNeedMore,
  };

  Step Advance(RawChunk& chunk, bool at_end);
  Step StepLine(RawChunk& chunk, bool at_end);
  Step StepParts(RawChunk& chunk, bool at_end);
  bool SkipByteOrderMark(const RawChunk& chunk, bool at_end);

  // line_assembly.cc
  enum class Array : std::uint8_t {
    kNo,
    kYes,
    kUnknown,
  };
  Array LookForArray(RawChunk& chunk, bool at_end);
  Step StepArray(RawChunk& chunk, bool at_end);
  Step StepSeparator(RawChunk& chunk, std::size_t comma, bool at_end);
  Step CloseArray(RawChunk& chunk, std::size_t bracket, bool at_end);
  Step StepScan(RawChunk& chunk, bool at_end);
  Step FinishElement(RawChunk& chunk, std::size_t object_end);
  Step FinishObject(RawChunk& chunk, std::size_t object_end, bool at_end);
  void BeginScan(Mode mode, std::size_t begin);
  void LeaveAssembly(std::size_t plain_until);
  void FallBack(std::size_t failed_at);
  bool EmitObject(RawChunk& chunk, std::size_t begin, std::size_t end);

  bool MayAssemble() const;
  void EmitLine(RawChunk& chunk, std::size_t line_end, bool has_line_feed);
  DeliveredLine& Emit(RawChunk& chunk, DeliveredLine::Kind kind,
                      std::size_t begin, std::size_t size, std::size_t end);
  void Take(RawChunk& chunk, std::size_t end);

  Options options_;
  JsonDocument document_;
  ObjectScanner scanner_;
  Mode mode_ = Mode::kLines;
  bool source_begin_ = true;       // a BOM may come
  bool resumed_in_array_ = false;  // perhaps
  bool mid_line_ = false;          // part of this line was taken already
  bool object_complete_ = false;   // kObject: but not yet its line
  std::size_t pending_ = 0;        // first byte that is not taken
  std::size_t scanned_ = 0;        // from here on nothing was looked at
  std::size_t plain_until_ = 0;    // lines that begin before stand as they are
  std::size_t slice_line_ = 0;     // first line of this source in the chunk
  int failures_in_a_row_ = 0;
  std::uint64_t part_number_ = 0;
  std::uint64_t line_number_ = 1;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_LINE_SPLITTER_H_
