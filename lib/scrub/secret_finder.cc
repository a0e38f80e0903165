#include "lib/scrub/secret_finder.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/scrub/broken_json.h"
#include "lib/scrub/characters.h"
#include "lib/scrub/replacement.h"

namespace authseal {
namespace {

// Tries in a line that was made to be read again and again.
constexpr int kBrokenJsonMax = 8;

}  // namespace

void SecretFinder::FindInString(std::string_view string, NameClass name_class,
                                std::size_t depth, ScrubEdits& edits) {
  if (name_class != NameClass::kPlain &&
      FindInNamed(string, name_class, Origin::kMember, depth, edits)) {
    return;
  }
  if (string.size() < kSearchedBytesMin) {
    return;
  }
  // Nested JSON, white space before it, or JSON in base64.
  const char first = string.front();
  if (!IsAlnum(first) || first == 'e') {
    if (FindInNestedJson(string, NameClass::kPlain, depth, edits) ||
        FindInEncodedJson(string, depth, edits)) {
      return;
    }
  }
  if (IsTokenByBuild(string)) {
    edits.push_back({0, string.size(), TokenReplacement(string)});
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

// An object in base64, as gateways log bodies. One with secrets becomes its
// scrubbed text, so that the fingerprints in it can be found.
bool SecretFinder::FindInEncodedJson(std::string_view string, std::size_t depth,
                                     ScrubEdits& edits) {
  // What '{' and the byte behind it become.
  if (depth >= kLayersMax || string[0] != 'e' ||
      (string[1] != 'y' && string[1] != 'w') ||
      string.find('.') != std::string_view::npos) {
    return false;
  }
  std::string padded(string.substr(0, string.find_last_not_of('=') + 1));
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  const auto bytes = Base64Decode(padded);
  if (!bytes.has_value()) {
    return false;
  }
  const std::string json(AsText(*bytes));
  JsonDocument& document = documents_[depth + 1];
  if (document.Parse(json) != JsonFault::kNone) {
    return false;
  }
  ScrubEdits inner;
  FindInDocument(json, document, NameClass::kPlain, depth + 1, inner);
  if (inner.empty()) {
    return false;
  }
  ResolveEdits(inner);
  std::string scrubbed;
  ApplyEdits(json, inner, scrubbed);
  edits.push_back({0, string.size(), std::move(scrubbed)});
  return true;
}

void SecretFinder::FindInBrokenJson(std::string_view line, ScrubEdits& edits) {
  std::size_t begin = FindJsonBegin(line);
  for (int failures = 0;
       begin != std::string_view::npos && failures < kBrokenJsonMax;) {
    const BrokenJson json = FindJsonEnd(line.substr(begin));
    if (FindInMended(line, begin, json, edits)) {
      begin = line.find('{', begin + json.size_bytes);
    } else {
      ++failures;
      begin = line.find('{', begin + 1);
    }
  }
}

// False when nothing makes it JSON.
bool SecretFinder::FindInMended(std::string_view line, std::size_t begin,
                                const BrokenJson& json, ScrubEdits& edits) {
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
    return true;
  }
  return false;
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
