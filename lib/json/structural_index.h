// Where the structure of a JSON text is: the offsets of every brace, bracket,
// comma, colon, opening quote and first byte of a number or literal outside
// strings. Found by simdjson's first stage, which also checks UTF-8, unclosed
// strings and bare control characters in strings.
#ifndef AUTHSEAL_JSON_STRUCTURAL_INDEX_H_
#define AUTHSEAL_JSON_STRUCTURAL_INDEX_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace authseal {

// Not for use by two threads at once. Reuses its buffers; one very large text
// does not keep them large.
class StructuralIndex {
 public:
  // What stage 1 can tell; the rest of the grammar is the walk's.
  enum class Outcome : std::uint8_t {
    kIndexed,
    kBadString,  // unclosed, or a control character in it; or nothing at all
    kBadUtf8,
  };

  // The walk may read this many bytes behind the text; they are spaces.
  static constexpr std::size_t kPaddingBytes = 64;
  static constexpr std::size_t kTextBytesMax = 0xFFFF'0000;

  StructuralIndex();
  ~StructuralIndex();
  StructuralIndex(const StructuralIndex&) = delete;
  StructuralIndex& operator=(const StructuralIndex&) = delete;

  // text.size() <= kTextBytesMax. Throws std::bad_alloc when out of memory:
  // that must not look like bad input.
  Outcome Build(std::string_view text);

  static bool IsUtf8(std::string_view text);

  // After kIndexed, until the next Build: ascending, at least one.
  std::span<const std::uint32_t> offsets() const;
  // Our copy of the text, with kPaddingBytes spaces behind it.
  const char* padded_text() const { return padded_.get(); }

 private:
  struct Stage1;

  void Fit(std::size_t text_size_bytes);

  std::unique_ptr<char[]> padded_;
  std::size_t capacity_bytes_ = 0;
  std::unique_ptr<Stage1> stage1_;
};

}  // namespace authseal

#endif  // AUTHSEAL_JSON_STRUCTURAL_INDEX_H_
