#include "lib/index/term_hash.h"

#include <bit>
#include <cstring>

#include "lib/base/ip_address.h"

namespace authseal {
namespace {

constexpr std::size_t kWordSizeBytes = 8;
constexpr int kRoundsPerWord = 2;
constexpr int kRoundsAtEnd = 4;

// Little-endian, of at most 8 bytes.
std::uint64_t Load(const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t word = 0;
  if (count == kWordSizeBytes && std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes, kWordSizeBytes);
    return word;
  }
  if (count >= 4 && std::endian::native == std::endian::little) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;  // the last four, some of them in `low` too
    std::memcpy(&low, bytes, sizeof(low));
    std::memcpy(&high, bytes + count - sizeof(high), sizeof(high));
    return low | std::uint64_t{high} << (8 * (count - sizeof(high)));
  }
  for (std::size_t i = 0; i < count; ++i) {
    word |= std::uint64_t{bytes[i]} << (8 * i);
  }
  return word;
}

struct SipState {
  explicit SipState(const TermKey& key)
      : v0(key.low ^ 0x736f6d6570736575u),
        v1(key.high ^ 0x646f72616e646f6du),
        v2(key.low ^ 0x6c7967656e657261u),
        v3(key.high ^ 0x7465646279746573u) {}

  void Rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  }
  void Take(std::uint64_t word) {
    v3 ^= word;
    Rounds(kRoundsPerWord);
    v0 ^= word;
  }
  std::uint64_t End() {
    v2 ^= 0xff;
    Rounds(kRoundsAtEnd);
    return v0 ^ v1 ^ v2 ^ v3;
  }

  std::uint64_t v0;
  std::uint64_t v1;
  std::uint64_t v2;
  std::uint64_t v3;
};

// Four decimal numbers up to 255 without leading zeros, between dots, as
// inet_pton has it. False for all else, IPv6 too.
bool ReadIpv4(std::string_view text, std::uint8_t* out) {
  std::size_t at = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && (at == text.size() || text[at++] != '.')) {
      return false;
    }
    const std::size_t first = at;
    unsigned number = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' &&
           at - first < 3) {
      number = number * 10 + static_cast<unsigned>(text[at++] - '0');
    }
    if (at == first || number > 255 || (text[first] == '0' && at - first > 1)) {
      return false;
    }
    out[i] = static_cast<std::uint8_t>(number);
  }
  return at == text.size();
}

}  // namespace

TermKey TermKeyOf(const Hash& genesis) {
  return {.low = Load(genesis.bytes.data(), kWordSizeBytes),
          .high = Load(genesis.bytes.data() + kWordSizeBytes, kWordSizeBytes)};
}

std::uint64_t SipHash24(const TermKey& key, std::optional<std::uint8_t> prefix,
                        Bytes message) {
  SipState state(key);
  const std::uint8_t* next = message.data();
  std::size_t rest = message.size();
  const std::uint64_t size = rest + (prefix.has_value() ? 1 : 0);
  std::uint64_t last = 0;
  if (prefix.has_value() && rest < kWordSizeBytes - 1) {
    last = *prefix | Load(next, rest) << 8;
  } else {
    if (prefix.has_value()) {
      state.Take(*prefix | Load(next, kWordSizeBytes - 1) << 8);
      next += kWordSizeBytes - 1;
      rest -= kWordSizeBytes - 1;
    }
    for (; rest >= kWordSizeBytes; rest -= kWordSizeBytes) {
      state.Take(Load(next, kWordSizeBytes));
      next += kWordSizeBytes;
    }
    last = Load(next, rest);
  }
  state.Take(last | size << 56);
  return state.End();
}

std::uint64_t TermHash(const TermKey& key, TermField field,
                       std::string_view value) {
  return SipHash24(key, static_cast<std::uint8_t>(field), AsBytes(value));
}

std::optional<std::uint64_t> IpTermHash(const TermKey& key,
                                        std::string_view address) {
  // Nearly all are of version 4, and the system's way to read them is dear.
  IpAddress version4 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  const std::optional<IpAddress> parsed =
      ReadIpv4(address, version4.data() + 12) ? version4
                                              : ParseIpAddress(address);
  if (!parsed.has_value()) {
    return std::nullopt;
  }
  return SipHash24(key, static_cast<std::uint8_t>(TermField::kIp), *parsed);
}

}  // namespace authseal
