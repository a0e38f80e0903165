// Lines and words of the text files that host and signer exchange.
#ifndef AUTHSEAL_SIGNING_REQUEST_LINE_H_
#define AUTHSEAL_SIGNING_REQUEST_LINE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// Takes `label`, a value and a LF off the front of `text`. Error kDamaged.
Result<std::string_view> TakeRequestLine(std::string_view& text,
                                         std::string_view label);
// Takes what stands before the next space off the front of `text`, and the
// space; all of it where there is none.
std::string_view TakeWord(std::string_view& text);

// Hashes as base64 joined by commas, "-" for none.
std::string FormatHashes(std::span<const Hash> hashes);
// At most `count_max`. Error kDamaged.
Result<std::vector<Hash>> ParseHashes(std::string_view text,
                                      std::size_t count_max);

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_REQUEST_LINE_H_
