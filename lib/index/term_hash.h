// The 64-bit names of what is looked up: SipHash-2-4 (Aumasson and Bernstein)
// over a field and its value, keyed by the archive so that two archives do not
// share collisions. See authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_TERM_HASH_H_
#define AUTHSEAL_INDEX_TERM_HASH_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/bytes.h"

namespace authseal {

// Byte in front of the value; part of the format.
enum class TermField : std::uint8_t {
  kToken = 1,  // id, fingerprint, family; fingerprints anywhere in the record
  kSession = 2,
  kRequest = 3,
  kUser = 4,    // id and name
  kIp = 5,      // as its 16 bytes
  kClient = 6,  // id and name
};

struct TermKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
// The first 16 bytes of the genesis.
TermKey TermKeyOf(const Hash& genesis);

// SipHash-2-4 of `prefix`, where there is one, and `message`.
std::uint64_t SipHash24(const TermKey& key, std::optional<std::uint8_t> prefix,
                        Bytes message);

std::uint64_t TermHash(const TermKey& key, TermField field,
                       std::string_view value);
// Of an address; empty for what is none, which no filter finds either.
std::optional<std::uint64_t> IpTermHash(const TermKey& key,
                                        std::string_view address);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TERM_HASH_H_
