// Which three bytes in a row may be an anchor and the two before it, in the
// form that a machine looks up many at a time: kTriples in line_anchors.cc.
#ifndef AUTHSEAL_SCRUB_ANCHOR_TRIPLES_H_
#define AUTHSEAL_SCRUB_ANCHOR_TRIPLES_H_

#include <cstddef>
#include <cstdint>

namespace authseal {

// Eight sets of triples, a bit each. A triple is of a set when the bit is in
// both halves' entry of each of its bytes.
struct AnchorTriples {
  struct Byte {
    alignas(16) std::uint8_t by_low_half[16] = {};
    alignas(16) std::uint8_t by_high_half[16] = {};
  };
  Byte anchor;
  Byte before;         // the byte before it
  Byte second_before;  // and the one before that
};

inline constexpr std::size_t kAnchorStepBytes = 64;

// Whether this machine has the instructions (AVX2); without them the function
// below must not be called.
bool AnchorLanesSupported();

// Bit i of marks[step] for the triple that ends at from[64 * step + i]; reads
// the two bytes before `from` too.
void MarkAnchors(const AnchorTriples& triples, const char* from,
                 std::size_t step_count, std::uint64_t* marks);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_ANCHOR_TRIPLES_H_
