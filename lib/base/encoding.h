// Text forms of bytes: lower-case hex, and RFC 4648 base64 with padding.
// Decoders are strict: one spelling per value, nothing skipped. Their errors
// are kDamaged; a command that decodes an option says kInvalidArgument itself.
#ifndef AUTHSEAL_BASE_ENCODING_H_
#define AUTHSEAL_BASE_ENCODING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

std::string HexEncode(Bytes bytes);
Result<ByteVector> HexDecode(std::string_view text);
Result<Hash> HexDecodeHash(std::string_view text);  // exactly 64 digits

std::string Base64Encode(Bytes bytes);
// Refuses white space, missing padding and non-zero trailing bits.
Result<ByteVector> Base64Decode(std::string_view text);
Result<Hash> Base64DecodeHash(std::string_view text);  // exactly 32 bytes

// Decimal without sign or leading zeros, at most 2^64-1.
Result<std::uint64_t> ParseDecimal(std::string_view text);

// `number` as decimal, padded on the left with zeros to `digits`.
std::string ZeroPadded(std::uint64_t number, std::size_t digits);

}  // namespace authseal

#endif  // AUTHSEAL_BASE_ENCODING_H_
