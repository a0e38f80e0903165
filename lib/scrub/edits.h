// Replacements to be made in a text, and layers: a text that stands encoded
// inside another one, with the way back to the outer text's offsets.
#ifndef AUTHSEAL_SCRUB_EDITS_H_
#define AUTHSEAL_SCRUB_EDITS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace authseal {

// Bytes [begin, end) become `text`.
struct ScrubEdit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

using ScrubEdits = std::vector<ScrubEdit>;

// Sorts; of nested edits the outer one stays, overlapping ones become one, so
// that no end of a secret is left over.
void ResolveEdits(ScrubEdits& edits);

// `edits` are resolved.
void ApplyEdits(std::string_view text, const ScrubEdits& edits,
                std::string& out);

// What `encoded` means, and where in it each byte of that begins; one offset
// more than bytes, the last is encoded.size().
struct DecodedLayer {
  enum class Encoding {
    kBackslash,
    kPercent
  };

  Encoding encoding = Encoding::kPercent;
  std::string text;
  std::vector<std::size_t> offsets;
};

// JSON's escapes. Whatever is no escape stands for itself.
DecodedLayer DecodeBackslashes(std::string_view encoded);
// %XX of URLs and forms; "+" stays, as tokens hold it.
DecodedLayer DecodePercent(std::string_view encoded);
bool HasPercentEscape(std::string_view text);

// Moves edits from `first` on, made in layer.text, out to the text that holds
// the encoded form at `encoded_begin`.
void MoveEditsOut(const DecodedLayer& layer, std::size_t encoded_begin,
                  std::size_t first, ScrubEdits& edits);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_EDITS_H_
