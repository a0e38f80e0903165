// Base64 (RFC 4648) between two buffers of the caller, so that a secret never
// passes through ordinary memory. For keys
// in text files: lib/note and the key store.
#ifndef AUTHSEAL_NOTE_SECRET_BASE64_H_
#define AUTHSEAL_NOTE_SECRET_BASE64_H_

#include <cstddef>
#include <string_view>

#include "lib/base/bytes.h"

namespace authseal {

// For sizes that are multiples of three bytes: no padding is needed.
constexpr std::size_t UnpaddedBase64Size(std::size_t size_bytes) {
  return size_bytes / 3 * 4;
}

// in.size() is a multiple of 3, out.size() == UnpaddedBase64Size(in.size()).
void EncodeSecretBase64(Bytes in, MutableBytes out);
// The way back; false when `in` has another size or is not base64.
bool DecodeSecretBase64(std::string_view in, MutableBytes out);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_SECRET_BASE64_H_
