// Where in a running text TextScan has to look at all.
#ifndef AUTHSEAL_SCRUB_TEXT_ANCHORS_H_
#define AUTHSEAL_SCRUB_TEXT_ANCHORS_H_

#include <cstddef>
#include <string_view>

namespace authseal {

// The first place at or behind `from` around which something secret may
// stand, as far as the bytes next to it tell; text.size() when there is none.
// May name places where TextScan then finds nothing; never leaves one out
// where it would find something.
std::size_t FindAnchor(std::string_view text, std::size_t from);

// Whether FindAnchor stops at `at`, below text.size().
bool IsAnchorAt(std::string_view text, std::size_t at);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_TEXT_ANCHORS_H_
