#include "lib/base/coding.h"

#include <algorithm>
#include <array>
#include <string>

namespace authseal {
namespace {

template <typename T>
void AppendLittleEndian(T value, ByteVector& out) {
  std::array<std::uint8_t, sizeof(T)> bytes = {};
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  out.insert(out.end(), bytes.begin(), bytes.end());
}

template <typename T>
T LoadLittleEndian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= std::uint64_t{bytes[i]} << (8 * i);
  }
  return static_cast<T>(value);
}

Error TooShort(std::size_t size_bytes, Bytes rest, std::string_view field) {
  return {ErrorCode::kDamaged, std::string(field) + ": needs " +
                                   std::to_string(size_bytes) + " bytes, " +
                                   std::to_string(rest.size()) + " left"};
}

// Takes the first `size_bytes` off `rest`.
Result<Bytes> TakeFront(Bytes& rest, std::size_t size_bytes,
                        std::string_view field) {
  if (size_bytes > rest.size()) {
    return TooShort(size_bytes, rest, field);
  }
  const Bytes front = rest.first(size_bytes);
  rest = rest.subspan(size_bytes);
  return front;
}

template <typename T>
Result<T> TakeInteger(Bytes& rest, std::string_view field) {
  if (rest.size() < sizeof(T)) {
    return TooShort(sizeof(T), rest, field);
  }
  const T value = LoadLittleEndian<T>(rest.first(sizeof(T)));
  rest = rest.subspan(sizeof(T));
  return value;
}

}  // namespace

Encoder& Encoder::U8(std::uint8_t value) {
  bytes_.push_back(value);
  return *this;
}

Encoder& Encoder::U16(std::uint16_t value) {
  AppendLittleEndian(value, bytes_);
  return *this;
}

Encoder& Encoder::U32(std::uint32_t value) {
  AppendLittleEndian(value, bytes_);
  return *this;
}

Encoder& Encoder::U64(std::uint64_t value) {
  AppendLittleEndian(value, bytes_);
  return *this;
}

Encoder& Encoder::I64(std::int64_t value) {
  return U64(static_cast<std::uint64_t>(value));  // two's complement
}

Encoder& Encoder::Raw(Bytes bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

Result<std::uint8_t> Decoder::U8(std::string_view field) {
  return TakeInteger<std::uint8_t>(rest_, field);
}

Result<std::uint16_t> Decoder::U16(std::string_view field) {
  return TakeInteger<std::uint16_t>(rest_, field);
}

Result<std::uint32_t> Decoder::U32(std::string_view field) {
  return TakeInteger<std::uint32_t>(rest_, field);
}

Result<std::uint64_t> Decoder::U64(std::string_view field) {
  return TakeInteger<std::uint64_t>(rest_, field);
}

Result<std::int64_t> Decoder::I64(std::string_view field) {
  return TakeInteger<std::int64_t>(rest_, field);
}

Result<Hash> Decoder::Hash32(std::string_view field) {
  TRY_ASSIGN(const Bytes bytes, TakeFront(rest_, Hash::kSizeBytes, field));
  Hash hash;
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}

Result<Bytes> Decoder::Raw(std::size_t size_bytes, std::string_view field) {
  return TakeFront(rest_, size_bytes, field);
}

Status Decoder::Finish() const {
  if (!rest_.empty()) {
    return Error{ErrorCode::kDamaged,
                 std::to_string(rest_.size()) + " bytes left over at the end"};
  }
  return Ok();
}

}  // namespace authseal
