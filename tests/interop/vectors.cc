#include "tests/interop/vectors.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "lib/base/encoding.h"

namespace authseal {

std::optional<std::filesystem::path> VectorPath(std::string_view name) {
  const char* const set = std::getenv("AUTHSEAL_SHARED_DIR");
  const std::filesystem::path shared =
      set != nullptr ? std::filesystem::path(set)
                     : std::filesystem::path(AUTHSEAL_SOURCE_DIR) / "../shared";
  const std::filesystem::path path = shared / "vectors" / name;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return std::nullopt;
  }
  return path;
}

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::filesystem::path> JsonFilesBelow(
    const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file() && entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string_view TextOf(simdjson::dom::element object, std::string_view key) {
  return object[key].get_string();
}

std::uint64_t NumberOf(simdjson::dom::element object, std::string_view key) {
  return object[key].get_uint64();
}

bool FlagOf(simdjson::dom::element object, std::string_view key) {
  return object[key].get_bool();
}

std::optional<Hash> HashOf(std::string_view base64) {
  const auto hash = Base64DecodeHash(base64);
  return hash ? std::optional<Hash>(*hash) : std::nullopt;
}

std::optional<std::vector<Hash>> HashesOf(simdjson::dom::element array) {
  std::vector<Hash> hashes;
  if (array.is_null()) {
    return hashes;
  }
  for (const simdjson::dom::element item : array.get_array()) {
    const auto hash = HashOf(item.get_string());
    if (!hash) {
      return std::nullopt;
    }
    hashes.push_back(*hash);
  }
  return hashes;
}

ByteVector BytesOfHex(std::string_view hex) {
  const auto bytes = HexDecode(hex);
  EXPECT_TRUE(bytes.has_value()) << hex;
  return bytes.has_value() ? *bytes : ByteVector();
}

}  // namespace authseal
