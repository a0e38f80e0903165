#include "lib/scrub/secret_finder.h"

#include <algorithm>

#include "lib/scrub/broken_json.h"
#include "lib/scrub/characters.h"

namespace authseal {
namespace {

// Nothing shorter holds a secret of known shape, a parameter or a member.
constexpr std::size_t kSearchedBytesMin = 6;

}  // namespace

void SecretFinder::FindInString(std::string_view string, NameClass name_class,
                                std::size_t depth, ScrubEdits& edits) {
  if (name_class != NameClass::kPlain &&
      FindInNamed(string, name_class, Origin::kMember, depth, edits)) {
    return;
  }
  if (string.size() < kSearchedBytesMin ||
      FindInNestedJson(string, NameClass::kPlain, depth, edits)) {
    return;
  }
  const bool is_form =
      name_class == NameClass::kForm || name_class == NameClass::kParameters;
  FindInText(string, is_form, depth, edits);
}

// True when `string` is a JSON object or array, which then was searched.
bool SecretFinder::FindInNestedJson(std::string_view string,
                                    NameClass inherited, std::size_t depth,
                                    ScrubEdits& edits) {
  const std::size_t first = RunEnd(string, 0, IsBlank);
  if (depth >= kLayersMax || first == string.size() ||
      (string[first] != '{' && string[first] != '[')) {
    return false;
  }
  JsonDocument& document = documents_[depth + 1];
  if (document.Parse(string) != JsonFault::kNone) {
    return false;
  }
  FindInDocument(string, document, inherited, depth + 1, edits);
  return true;
}

void SecretFinder::FindInBrokenJson(std::string_view line, ScrubEdits& edits) {
  const std::size_t begin = FindJsonBegin(line);
  if (begin == std::string_view::npos) {
    return;
  }
  const BrokenJson json = FindJsonEnd(line.substr(begin));
  std::string text;
  for (const std::string& ending : json.endings) {
    text.assign(line.substr(begin, json.size_bytes)).append(ending);
    if (documents_[0].Parse(text) != JsonFault::kNone) {
      continue;
    }
    const std::size_t first = edits.size();
    FindInDocument(text, documents_[0], NameClass::kPlain, 0, edits);
    for (std::size_t i = first; i < edits.size(); ++i) {
      edits[i].begin = std::min(edits[i].begin + begin, line.size());
      edits[i].end = std::min(edits[i].end + begin, line.size());
    }
    return;
  }
}

bool SecretFinder::FindInEncoded(std::string_view encoded,
                                 DecodedLayer::Encoding encoding,
                                 NameClass name_class, Origin origin,
                                 std::size_t depth, ScrubEdits& edits) {
  const bool percent = encoding == DecodedLayer::Encoding::kPercent;
  const bool is_encoded = percent
                              ? HasPercentEscape(encoded)
                              : encoded.find('\\') != std::string_view::npos;
  if (!is_encoded) {
    return FindInNamed(encoded, name_class, origin, depth, edits);
  }
  const DecodedLayer layer =
      percent ? DecodePercent(encoded) : DecodeBackslashes(encoded);
  const std::size_t first = edits.size();
  const bool settled =
      FindInNamed(layer.text, name_class, origin, depth, edits);
  MoveEditsOut(layer, 0, first, edits);
  return settled;
}

void SecretFinder::FindInLayer(std::string_view encoded,
                               std::size_t encoded_begin,
                               DecodedLayer::Encoding encoding,
                               std::size_t depth, ScrubEdits& edits) {
  if (depth >= kLayersMax) {
    return;
  }
  const DecodedLayer layer = encoding == DecodedLayer::Encoding::kPercent
                                 ? DecodePercent(encoded)
                                 : DecodeBackslashes(encoded);
  const std::size_t first = edits.size();
  FindInString(layer.text, NameClass::kPlain, depth + 1, edits);
  MoveEditsOut(layer, encoded_begin, first, edits);
}

}  // namespace authseal
