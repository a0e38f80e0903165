// Drives a LineSplitter as the reader does: bytes come in pieces, and what is
// pending goes on in the next chunk.
#ifndef AUTHSEAL_TESTS_UNIT_INGEST_SPLIT_TEXT_H_
#define AUTHSEAL_TESTS_UNIT_INGEST_SPLIT_TEXT_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/ingest/line_splitter.h"

namespace authseal {

struct SplitOutcome {
  std::vector<std::string> lines;
  std::vector<DeliveredLine::Kind> kinds;
  std::vector<std::uint64_t> numbers;
  std::uint64_t delivered = 0;
  std::uint64_t blank = 0;
  std::size_t end = 0;  // of the last line, in the source
  std::size_t held_max = 0;
};

// Splits `text`, `feed_size` bytes at a time; a new chunk after each
// `feeds_per_chunk` of them.
struct Feeding {
  std::size_t feed_size = SIZE_MAX;
  std::size_t feeds_per_chunk = 1;
  bool assemble = true;
  bool at_end = true;
  LineSplitter::Place place = LineSplitter::Place::kSourceBegin;
};

inline void Collect(const RawChunk& chunk, std::size_t chunk_begin,
                    SplitOutcome& out) {
  for (const DeliveredLine& line : chunk.lines) {
    out.lines.emplace_back(chunk.Text(line));
    out.kinds.push_back(line.kind);
    out.numbers.push_back(line.line_number);
    out.end = chunk_begin + line.end;
  }
  out.delivered += chunk.delivered_line_count;
  out.blank += chunk.blank_count;
}

inline SplitOutcome Split(std::string_view text, const Feeding& feeding = {}) {
  LineSplitter splitter({.assemble = feeding.assemble});
  SplitOutcome out;
  RawChunk chunk;
  splitter.BeginSource(chunk, 0, feeding.place);
  std::size_t fed = 0;
  std::size_t chunk_begin = 0;
  std::size_t feeds = 0;
  bool done = false;
  while (!done) {
    const std::size_t size = std::min(feeding.feed_size, text.size() - fed);
    const Bytes more = AsBytes(text.substr(fed, size));
    chunk.bytes.insert(chunk.bytes.end(), more.begin(), more.end());
    chunk.used_size = chunk.bytes.size();
    fed += size;
    const bool all = fed == text.size();
    splitter.Split(chunk, all && feeding.at_end);
    done = all && (!feeding.at_end || splitter.pending() == chunk.used_size);
    out.held_max = std::max(out.held_max, chunk.used_size);
    if (done || ++feeds % feeding.feeds_per_chunk == 0) {
      Collect(chunk, chunk_begin, out);
      const std::size_t pending = splitter.pending();
      RawChunk next;
      next.bytes.assign(
          chunk.bytes.begin() + static_cast<std::ptrdiff_t>(pending),
          chunk.bytes.end());
      next.used_size = next.bytes.size();
      chunk_begin += pending;
      chunk = std::move(next);
      splitter.MoveTo(0);
    }
  }
  return out;
}

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_INGEST_SPLIT_TEXT_H_
