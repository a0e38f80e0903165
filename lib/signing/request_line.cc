#include "lib/signing/request_line.h"

#include <algorithm>

#include "lib/base/encoding.h"

namespace authseal {

Result<std::string_view> TakeRequestLine(std::string_view& text,
                                         std::string_view label) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || end < label.size() ||
      !text.starts_with(label)) {
    return Error{ErrorCode::kDamaged,
                 "no line '" + std::string(label) + "...'"};
  }
  const std::string_view value = text.substr(label.size(), end - label.size());
  text.remove_prefix(end + 1);
  return value;
}

std::string_view TakeWord(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::string FormatHashes(std::span<const Hash> hashes) {
  std::string text;
  for (const Hash& hash : hashes) {
    text += (text.empty() ? "" : ",") + Base64Encode(hash.view());
  }
  return text.empty() ? "-" : text;
}

Result<std::vector<Hash>> ParseHashes(std::string_view text,
                                      std::size_t count_max) {
  std::vector<Hash> hashes;
  if (text == "-") {
    return hashes;
  }
  while (true) {
    if (hashes.size() == count_max) {
      return Error{ErrorCode::kDamaged, "too many hashes"};
    }
    const std::size_t comma = text.find(',');
    TRY_ASSIGN(const Hash hash, Base64DecodeHash(text.substr(0, comma)));
    hashes.push_back(hash);
    if (comma == std::string_view::npos) {
      return hashes;
    }
    text.remove_prefix(comma + 1);
  }
}

}  // namespace authseal
