#include "lib/base/encoding.h"

#include <algorithm>
#include <array>
#include <limits>

namespace authseal {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xff;

using DigitTable = std::array<std::uint8_t, 256>;

constexpr DigitTable MakeDigitTable(std::string_view digits) {
  DigitTable table = {};
  for (std::uint8_t& entry : table) {
    entry = kNoDigit;
  }
  for (std::size_t i = 0; i < digits.size(); ++i) {
    table[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr DigitTable kHexValues = MakeDigitTable(kHexDigits);
constexpr DigitTable kBase64Values = MakeDigitTable(kBase64Digits);

std::uint8_t DigitValue(const DigitTable& table, char c) {
  return table[static_cast<unsigned char>(c)];
}

Error BadText(std::string_view form, std::string_view what) {
  return Error{ErrorCode::kDamaged,
               std::string(form) + ": " + std::string(what)};
}

Result<Hash> ToHash(std::string_view form, const ByteVector& bytes) {
  if (bytes.size() != Hash::kSizeBytes) {
    return BadText(
        form, "a hash has 32 bytes, this has " + std::to_string(bytes.size()));
  }
  Hash hash;
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}

// Decodes the one to three bytes of the last four digits, padding included.
Status DecodeLastQuad(std::string_view quad, ByteVector& out) {
  std::size_t padding = 0;
  if (quad[3] == '=') {
    padding = quad[2] == '=' ? 2 : 1;
  }
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4 - padding; ++i) {
    const std::uint8_t value = DigitValue(kBase64Values, quad[i]);
    if (value == kNoDigit) {
      return BadText("base64", "a character that is no digit");
    }
    bits |= std::uint32_t{value} << (18 - 6 * i);
  }
  const std::uint32_t unused_mask = (std::uint32_t{1} << (8 * padding)) - 1;
  if ((bits & unused_mask) != 0) {
    return BadText("base64", "bits behind the last byte are not zero");
  }
  for (std::size_t i = 0; i < 3 - padding; ++i) {
    out.push_back(static_cast<std::uint8_t>(bits >> (16 - 8 * i)));
  }
  return Ok();
}

}  // namespace

std::string HexEncode(Bytes bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out.push_back(kHexDigits[byte >> 4]);
    out.push_back(kHexDigits[byte & 0x0f]);
  }
  return out;
}

Result<ByteVector> HexDecode(std::string_view text) {
  if (text.size() % 2 != 0) {
    return BadText("hex", "odd number of digits");
  }
  ByteVector out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = DigitValue(kHexValues, text[i]);
    const std::uint8_t low = DigitValue(kHexValues, text[i + 1]);
    if (high == kNoDigit || low == kNoDigit) {
      return BadText("hex", "a character that is no lower-case digit");
    }
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return out;
}

Result<Hash> HexDecodeHash(std::string_view text) {
  if (text.size() != Hash::kSizeBytes * 2) {
    return BadText(
        "hex", "a hash has 64 digits, this has " + std::to_string(text.size()));
  }
  TRY_ASSIGN(const ByteVector bytes, HexDecode(text));
  return ToHash("hex", bytes);
}

std::string Base64Encode(Bytes bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < count; ++k) {
      bits |= std::uint32_t{bytes[i + k]} << (16 - 8 * k);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out.push_back(k <= count ? kBase64Digits[bits >> (18 - 6 * k) & 0x3f]
                               : '=');
    }
  }
  return out;
}

Result<ByteVector> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) {
    return BadText("base64", "length is no multiple of four");
  }
  ByteVector out;
  if (text.empty()) {
    return out;
  }
  out.reserve(text.size() / 4 * 3);
  const std::size_t last_quad = text.size() - 4;
  for (std::size_t i = 0; i < last_quad; i += 4) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::uint8_t value = DigitValue(kBase64Values, text[i + k]);
      if (value == kNoDigit) {
        return BadText("base64", "a character that is no digit");
      }
      bits = bits << 6 | value;
    }
    out.push_back(static_cast<std::uint8_t>(bits >> 16));
    out.push_back(static_cast<std::uint8_t>(bits >> 8));
    out.push_back(static_cast<std::uint8_t>(bits));
  }
  TRY(DecodeLastQuad(text.substr(last_quad), out));
  return out;
}

Result<Hash> Base64DecodeHash(std::string_view text) {
  constexpr std::size_t kTextSizeBytes = 44;
  if (text.size() != kTextSizeBytes) {
    return BadText("base64", "a hash has 44 characters, this has " +
                                 std::to_string(text.size()));
  }
  TRY_ASSIGN(const ByteVector bytes, Base64Decode(text));
  return ToHash("base64", bytes);
}

Result<std::uint64_t> ParseDecimal(std::string_view text) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  if (text.empty()) {
    return BadText("number", "no digits");
  }
  if (text.size() > 1 && text[0] == '0') {
    return BadText("number", "leading zero");
  }
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return BadText("number", "a character that is no decimal digit");
    }
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (kMax - digit) / 10) {
      return BadText("number", "larger than 2^64-1");
    }
    number = number * 10 + digit;
  }
  return number;
}

std::string ZeroPadded(std::uint64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  if (text.size() < digits) {
    text.insert(0, digits - text.size(), '0');
  }
  return text;
}

}  // namespace authseal
