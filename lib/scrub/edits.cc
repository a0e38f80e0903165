#include "lib/scrub/edits.h"

#include <algorithm>

#include "lib/base/utf8.h"
#include "lib/json/writer.h"

namespace authseal {
namespace {

constexpr std::size_t kUnicodeEscapeBytes = 6;  // \uXXXX
constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kNoCodeUnit = 0xFFFF'FFFF;

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char32_t CodeUnit(std::string_view text) {
  if (text.size() < kUnicodeEscapeBytes || text[0] != '\\' || text[1] != 'u') {
    return kNoCodeUnit;
  }
  char32_t unit = 0;
  for (std::size_t i = 2; i < kUnicodeEscapeBytes; ++i) {
    const int digit = HexValue(text[i]);
    if (digit < 0) {
      return kNoCodeUnit;
    }
    unit = unit << 4 | static_cast<char32_t>(digit);
  }
  return unit;
}

char ShortEscape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '"':
    case '\\':
    case '/':
      return c;
    default:
      return '\0';
  }
}

// Decodes the escape at the front of `text`; returns the bytes used.
std::size_t DecodeEscape(std::string_view text, std::string& out) {
  const char32_t unit = CodeUnit(text);
  if (unit == kNoCodeUnit) {
    const char short_form = text.size() > 1 ? ShortEscape(text[1]) : '\0';
    out.push_back(short_form == '\0' ? '\\' : short_form);
    return short_form == '\0' ? 1 : 2;
  }
  if (unit >> 11 != 0xD800 >> 11) {
    AppendUtf8(unit, out);
    return kUnicodeEscapeBytes;
  }
  const char32_t low = CodeUnit(text.substr(kUnicodeEscapeBytes));
  if (unit < 0xDC00 && low != kNoCodeUnit && low >> 10 == 0xDC00 >> 10) {
    AppendUtf8(0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)), out);
    return 2 * kUnicodeEscapeBytes;
  }
  AppendUtf8(kReplacement, out);
  return kUnicodeEscapeBytes;
}

bool IsPercentEscape(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() &&
         HexValue(text[at + 1]) >= 0 && HexValue(text[at + 2]) >= 0;
}

std::string Encoded(DecodedLayer::Encoding encoding, const std::string& text) {
  std::string out;
  if (encoding == DecodedLayer::Encoding::kBackslash) {
    AppendJsonEscaped(text, out);
    return out;
  }
  for (const char c : text) {
    if (c == '"') {
      out.append("%22");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace

void ResolveEdits(ScrubEdits& edits) {
  std::stable_sort(
      edits.begin(), edits.end(), [](const ScrubEdit& a, const ScrubEdit& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
      });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (kept > 0 && edits[i].begin < edits[kept - 1].end) {
      edits[kept - 1].end = std::max(edits[kept - 1].end, edits[i].end);
      continue;
    }
    if (kept != i) {
      edits[kept] = std::move(edits[i]);
    }
    ++kept;
  }
  edits.resize(kept);
}

void ApplyEdits(std::string_view text, const ScrubEdits& edits,
                std::string& out) {
  out.clear();
  std::size_t at = 0;
  for (const ScrubEdit& edit : edits) {
    out.append(text.substr(at, edit.begin - at));
    out.append(edit.text);
    at = edit.end;
  }
  out.append(text.substr(at));
}

DecodedLayer DecodeBackslashes(std::string_view encoded) {
  DecodedLayer layer;
  layer.encoding = DecodedLayer::Encoding::kBackslash;
  layer.text.reserve(encoded.size());
  layer.offsets.reserve(encoded.size() + 1);
  std::size_t at = 0;
  while (at < encoded.size()) {
    std::size_t used = 1;
    if (encoded[at] == '\\') {
      used = DecodeEscape(encoded.substr(at), layer.text);
    } else {
      layer.text.push_back(encoded[at]);
    }
    layer.offsets.resize(layer.text.size(), at);
    at += used;
  }
  layer.offsets.push_back(encoded.size());
  return layer;
}

DecodedLayer DecodePercent(std::string_view encoded) {
  DecodedLayer layer;
  layer.encoding = DecodedLayer::Encoding::kPercent;
  layer.text.reserve(encoded.size());
  layer.offsets.reserve(encoded.size() + 1);
  std::size_t at = 0;
  while (at < encoded.size()) {
    layer.offsets.push_back(at);
    if (IsPercentEscape(encoded, at)) {
      layer.text.push_back(static_cast<char>(HexValue(encoded[at + 1]) << 4 |
                                             HexValue(encoded[at + 2])));
      at += 3;
    } else {
      layer.text.push_back(encoded[at]);
      ++at;
    }
  }
  layer.offsets.push_back(encoded.size());
  return layer;
}

bool HasPercentEscape(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos;
       at = text.find('%', at + 1)) {
    if (IsPercentEscape(text, at)) {
      return true;
    }
  }
  return false;
}

void MoveEditsOut(const DecodedLayer& layer, std::size_t encoded_begin,
                  std::size_t first, ScrubEdits& edits) {
  for (std::size_t i = first; i < edits.size(); ++i) {
    edits[i].begin = encoded_begin + layer.offsets[edits[i].begin];
    edits[i].end = encoded_begin + layer.offsets[edits[i].end];
    edits[i].text = Encoded(layer.encoding, edits[i].text);
  }
}

}  // namespace authseal
