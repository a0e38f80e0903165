// Where a record mentions the fingerprint of a token.
#ifndef AUTHSEAL_INDEX_FINGERPRINT_SEARCH_H_
#define AUTHSEAL_INDEX_FINGERPRINT_SEARCH_H_

#include <cstddef>
#include <string_view>

namespace authseal {

inline constexpr std::string_view kFingerprintPrefix = "sha256:";

// As text.find(kFingerprintPrefix, from), several times as fast.
std::size_t FindFingerprintPrefix(std::string_view text, std::size_t from);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_FINGERPRINT_SEARCH_H_
