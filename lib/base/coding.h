// Little-endian encoding, field by field; no struct is ever written raw.
#ifndef AUTHSEAL_BASE_CODING_H_
#define AUTHSEAL_BASE_CODING_H_

#include <cstdint>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// Appends to a buffer it owns. Never fails.
class Encoder {
 public:
  Encoder& U8(std::uint8_t value);
  Encoder& U16(std::uint16_t value);
  Encoder& U32(std::uint32_t value);
  Encoder& U64(std::uint64_t value);
  Encoder& I64(std::int64_t value);
  Encoder& Raw(Bytes bytes);  // no length in front

  const ByteVector& bytes() const { return bytes_; }
  ByteVector Take() && { return std::move(bytes_); }

 private:
  ByteVector bytes_;
};

// Reads from borrowed bytes, each read checked against what is left. Errors
// are kDamaged and name `field`. Finish() refuses bytes left over.
class Decoder {
 public:
  explicit Decoder(Bytes input) : rest_(input) {}

  Result<std::uint8_t> U8(std::string_view field);
  Result<std::uint16_t> U16(std::string_view field);
  Result<std::uint32_t> U32(std::string_view field);
  Result<std::uint64_t> U64(std::string_view field);
  Result<std::int64_t> I64(std::string_view field);
  Result<Hash> Hash32(std::string_view field);
  // A view into the input, valid as long as the input is.
  Result<Bytes> Raw(std::size_t size_bytes, std::string_view field);
  Status Finish() const;

  std::size_t remaining_bytes() const { return rest_.size(); }

 private:
  Bytes rest_;
};

}  // namespace authseal

#endif  // AUTHSEAL_BASE_CODING_H_
