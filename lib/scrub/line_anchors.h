// Where in the strings of a JSON text TextScan may have to look, found for all
// of them in one pass.
#ifndef AUTHSEAL_SCRUB_LINE_ANCHORS_H_
#define AUTHSEAL_SCRUB_LINE_ANCHORS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/scrub/anchor_triples.h"

namespace authseal {

// One a thread; reused from line to line.
class LineAnchors {
 public:
  static constexpr std::size_t kLineBytesMax = 64 * 1024;

  // False where it cannot be done at once: a longer line, none at all, or a
  // machine without the instructions. Use FindAnchor on each string then.
  bool Read(std::string_view line);

  // After Read: what FindAnchor(string, from) gives, of the bytes [begin, end)
  // of the line, but npos where that gives its size. They are what is inside
  // the quotes of a string without escapes.
  std::size_t FirstIn(std::size_t begin, std::size_t end,
                      std::size_t from) const {
    return IsMarked(begin + from, end) ? FirstThatCounts(begin, end, from)
                                       : std::string_view::npos;
  }

 private:
  static constexpr std::size_t kBytesBefore = 2;
  static constexpr std::size_t kStepsMax = kLineBytesMax / kAnchorStepBytes;

  // 64 bits, from that of line byte `at` on.
  std::uint64_t MarksFrom(std::size_t at) const;
  bool IsMarked(std::size_t begin, std::size_t end) const;
  std::size_t FirstThatCounts(std::size_t begin, std::size_t end,
                              std::size_t from) const;

  std::string_view line_;
  // Bit i is of line byte i + kBytesBefore. One word more to read over.
  std::array<std::uint64_t, kStepsMax + 2> marks_ = {};
};

inline std::uint64_t LineAnchors::MarksFrom(std::size_t at) const {
  const std::size_t bit = at - kBytesBefore;
  const std::size_t word = bit / 64;
  const std::size_t shift = bit % 64;
  return marks_[word] >> shift | marks_[word + 1] << 1 << (63 - shift);
}

inline bool LineAnchors::IsMarked(std::size_t begin, std::size_t end) const {
  for (; begin + 64 < end; begin += 64) {
    if (MarksFrom(begin) != 0) {
      return true;
    }
  }
  // Not all 64 of an empty one.
  return begin < end && MarksFrom(begin) << (64 - (end - begin)) != 0;
}

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_LINE_ANCHORS_H_
