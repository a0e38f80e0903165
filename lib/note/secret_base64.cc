#include "lib/note/secret_base64.h"

#include "lib/base/check.h"

namespace authseal {
namespace {

// Computed, not looked up: a table would be indexed by secret bits.
std::uint8_t DigitOf(std::uint32_t six_bits) {
  if (six_bits < 26) {
    return static_cast<std::uint8_t>('A' + six_bits);
  }
  if (six_bits < 52) {
    return static_cast<std::uint8_t>('a' + (six_bits - 26));
  }
  if (six_bits < 62) {
    return static_cast<std::uint8_t>('0' + (six_bits - 52));
  }
  return six_bits == 62 ? '+' : '/';
}

// 64 for what is no digit.
std::uint32_t BitsOf(char digit) {
  if (digit >= 'A' && digit <= 'Z') {
    return static_cast<std::uint32_t>(digit - 'A');
  }
  if (digit >= 'a' && digit <= 'z') {
    return static_cast<std::uint32_t>(digit - 'a') + 26;
  }
  if (digit >= '0' && digit <= '9') {
    return static_cast<std::uint32_t>(digit - '0') + 52;
  }
  if (digit == '+') {
    return 62;
  }
  return digit == '/' ? 63 : 64;
}

}  // namespace

void EncodeSecretBase64(Bytes in, MutableBytes out) {
  AUTHSEAL_CHECK(in.size() % 3 == 0 &&
                 out.size() == UnpaddedBase64Size(in.size()));
  for (std::size_t i = 0; i < in.size() / 3; ++i) {
    const std::uint32_t group = static_cast<std::uint32_t>(in[3 * i]) << 16 |
                                static_cast<std::uint32_t>(in[3 * i + 1]) << 8 |
                                in[3 * i + 2];
    for (std::size_t digit = 0; digit < 4; ++digit) {
      out[4 * i + digit] = DigitOf(group >> (18 - 6 * digit) & 63);
    }
  }
}

bool DecodeSecretBase64(std::string_view in, MutableBytes out) {
  if (out.size() % 3 != 0 || in.size() != UnpaddedBase64Size(out.size())) {
    return false;
  }
  for (std::size_t i = 0; i < out.size() / 3; ++i) {
    std::uint32_t group = 0;
    for (std::size_t digit = 0; digit < 4; ++digit) {
      const std::uint32_t bits = BitsOf(in[4 * i + digit]);
      if (bits > 63) {
        return false;
      }
      group = group << 6 | bits;
    }
    out[3 * i] = static_cast<std::uint8_t>(group >> 16);
    out[3 * i + 1] = static_cast<std::uint8_t>(group >> 8);
    out[3 * i + 2] = static_cast<std::uint8_t>(group);
  }
  return true;
}

}  // namespace authseal
