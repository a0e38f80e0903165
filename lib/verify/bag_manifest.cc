#include "lib/verify/bag_manifest.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/io/file_name.h"

namespace authseal {
namespace {

constexpr std::size_t kHashHexDigits = 64;
constexpr std::string_view kSeparator = "  ";

Error DamagedLine(std::size_t line, std::string_view what) {
  return {ErrorCode::kDamaged,
          "line " + std::to_string(line) + ": " + std::string(what)};
}

// Parts that are names, without the characters that other tools would read in
// another way: controls, and '%' of BagIt's own escapes.
bool IsPlainRelativePath(std::string_view path) {
  const bool odd = std::any_of(path.begin(), path.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F || c == '%' || c == '\\';
  });
  if (odd) {
    return false;
  }
  while (true) {
    const std::size_t end = path.find('/');
    if (!CheckFileName(path.substr(0, end)).has_value()) {
      return false;
    }
    if (end == std::string_view::npos) {
      return true;
    }
    path.remove_prefix(end + 1);
  }
}

}  // namespace

Result<BagManifest> ParseBagManifest(std::string_view text) {
  BagManifest manifest;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return DamagedLine(number, "no line end");
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto hash = HexDecodeHash(line.substr(0, kHashHexDigits));
    if (!hash.has_value() ||
        !line.substr(kHashHexDigits).starts_with(kSeparator)) {
      return DamagedLine(number, "not a hash, two spaces and a path");
    }
    const std::string_view path =
        line.substr(kHashHexDigits + kSeparator.size());
    if (!IsPlainRelativePath(path)) {
      return DamagedLine(number, "no plain relative path");
    }
    if (!manifest.emplace(path, *hash).second) {
      return DamagedLine(number, "a path that was listed before");
    }
  }
  return manifest;
}

}  // namespace authseal
