// What a secret becomes.
#ifndef AUTHSEAL_SCRUB_REPLACEMENT_H_
#define AUTHSEAL_SCRUB_REPLACEMENT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace authseal {

inline constexpr std::string_view kRedacted = "redacted";
// A shorter token could be found by trying all.
inline constexpr std::size_t kFingerprintedBytesMin = 16;

// The fingerprint of `token`, its bytes as they are; "redacted" when short.
std::string TokenReplacement(std::string_view token);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_REPLACEMENT_H_
