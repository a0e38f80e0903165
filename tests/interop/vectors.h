// Where the public test vectors are, and how they are read. They lie beside
// the checkout in "../shared/vectors", or in $AUTHSEAL_SHARED_DIR/vectors.
#ifndef AUTHSEAL_TESTS_INTEROP_VECTORS_H_
#define AUTHSEAL_TESTS_INTEROP_VECTORS_H_

#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "lib/base/bytes.h"

namespace authseal {

// Empty when `name` is not there.
std::optional<std::filesystem::path> VectorPath(std::string_view name);

// Skips the test, with a message, when the vectors are absent.
#define AUTHSEAL_VECTORS_OR_SKIP(variable, name)                            \
  const auto variable##_found = VectorPath(name);                           \
  if (!variable##_found) {                                                  \
    GTEST_SKIP() << "no test vectors \"" << (name)                          \
                 << "\": put them beside the checkout in ../shared/vectors" \
                 << " or set AUTHSEAL_SHARED_DIR";                          \
  }                                                                         \
  const std::filesystem::path variable = *variable##_found

std::string ReadText(const std::filesystem::path& path);
// Every *.json below `path`, in the order of their names.
std::vector<std::filesystem::path> JsonFilesBelow(
    const std::filesystem::path& path);

// A JSON document that owns what its elements point to.
class JsonFile {
 public:
  explicit JsonFile(const std::filesystem::path& path)
      : root_(parser_.load(path.string())) {}
  simdjson::dom::element operator[](std::string_view key) const {
    return root_[key];
  }
  simdjson::dom::element root() const { return root_; }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

// Members that must be there; simdjson's exception fails the test otherwise.
std::string_view TextOf(simdjson::dom::element object, std::string_view key);
std::uint64_t NumberOf(simdjson::dom::element object, std::string_view key);
bool FlagOf(simdjson::dom::element object, std::string_view key);

// Decoding of values: empty when it is not 32 bytes, or not base64.
std::optional<Hash> HashOf(std::string_view base64);
// The hashes of an array or of null; empty when one of them is none.
std::optional<std::vector<Hash>> HashesOf(simdjson::dom::element array);
ByteVector BytesOfHex(std::string_view hex);

// Tells whoever reads the log how much was compared.
inline void Count(std::string_view what, std::size_t count) {
  std::cout << "[   RAN    ] " << count << " " << what << "\n";
}

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_INTEROP_VECTORS_H_
