// Short texts, such as members' names, as a few words: equal words are equal
// texts, so that a table can compare and hash without calls and loops.
#ifndef AUTHSEAL_BASE_SHORT_TEXT_H_
#define AUTHSEAL_BASE_SHORT_TEXT_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace authseal {

// Of a text of at most kSizeBytesMax bytes. The words overlap where the text
// is shorter than they are together; with the size they name one text alone.
struct ShortText {
  static constexpr std::size_t kSizeBytesMax = 32;

  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t second = 0;  // 0 up to 16 bytes
  std::uint64_t third = 0;   // 0 up to 16 bytes
  std::uint32_t size_bytes = 0;

  ShortText() = default;
  // text.size() <= kSizeBytesMax.
  explicit ShortText(std::string_view text)
      : size_bytes(static_cast<std::uint32_t>(text.size())) {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    if (text.size() >= 8) {
      first = Load<std::uint64_t>(begin);
      last = Load<std::uint64_t>(end - 8);
      if (text.size() > 16) {
        second = Load<std::uint64_t>(begin + 8);
        third = Load<std::uint64_t>(end - 16);
      }
    } else if (text.size() >= 4) {
      first = Load<std::uint32_t>(begin);
      last = Load<std::uint32_t>(end - 4);
    } else if (!text.empty()) {
      const auto byte = [](char c) {
        return std::uint64_t{static_cast<unsigned char>(c)};
      };
      first = byte(begin[0]);
      last = byte(begin[text.size() / 2]) | byte(end[-1]) << 8;
    }
  }

  bool operator==(const ShortText& other) const = default;

  // Its upper bits are the better ones.
  std::uint64_t Hash() const {
    constexpr std::uint64_t kFirst = 0x9E37'79B9'7F4A'7C15;
    constexpr std::uint64_t kSecond = 0xC2B2'AE3D'27D4'EB4F;
    const std::uint64_t outer =
        (first + size_bytes) * kFirst ^ std::rotl(last * kSecond, 29);
    const std::uint64_t inner = second * kSecond ^ std::rotl(third, 17);
    return (outer ^ inner) * kFirst;
  }

 private:
  template <typename Word>
  static Word Load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof(word));
    return word;
  }
};

}  // namespace authseal

#endif  // AUTHSEAL_BASE_SHORT_TEXT_H_
