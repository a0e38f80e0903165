// A hash for tables in memory: quick, the same in every run, no defence against
// texts that are made to collide. Never stored.
#ifndef AUTHSEAL_BASE_QUICK_HASH_H_
#define AUTHSEAL_BASE_QUICK_HASH_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace authseal {

// All bits of it are good.
inline std::uint64_t QuickHash(std::string_view text) {
  constexpr std::uint64_t kFirst = 0x9e37'79b9'7f4a'7c15u;
  constexpr std::uint64_t kSecond = 0xc2b2'ae3d'27d4'eb4fu;
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const auto word = [](const char* from) {
    std::uint64_t value = 0;
    std::memcpy(&value, from, kWord);
    return value;
  };
  // Both halves of the 128-bit product.
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a} * b;
    return static_cast<std::uint64_t>(product) ^
           static_cast<std::uint64_t>(product >> 64);
  };
  const char* const text_end = text.data() + text.size();
  std::uint64_t hash = text.size() * kSecond;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (text.size() >= 2 * kWord) {
    for (const char* at = text.data();
         static_cast<std::size_t>(text_end - at) > 2 * kWord; at += 2 * kWord) {
      hash = mix(word(at) ^ kFirst ^ hash, word(at + kWord) ^ kSecond);
    }
    low = word(text_end - 2 * kWord);  // overlaps what came before
    high = word(text_end - kWord);
  } else if (text.size() >= kWord) {
    low = word(text.data());
    high = word(text_end - kWord);
  } else {
    for (const char c : text) {
      low = low << 8 | static_cast<unsigned char>(c);
    }
  }
  return mix(mix(low ^ kFirst ^ hash, high ^ kSecond), kFirst);
}

}  // namespace authseal

#endif  // AUTHSEAL_BASE_QUICK_HASH_H_
