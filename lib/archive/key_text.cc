#include "lib/archive/key_text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/encoding.h"
#include "lib/note/secret_base64.h"

namespace authseal {
namespace {

constexpr std::string_view kFirstLine = "authseal epoch key v1\n";
constexpr std::string_view kEpochLabel = "epoch ";
constexpr std::string_view kSeedLabel = "seed ";
constexpr std::size_t kSeedSizeBytes = 32;
constexpr std::size_t kSeedTextSizeBytes = 44;  // base64, one '=' at its end
Error NoEpochKey() {
  return {ErrorCode::kKey, "is no epoch key file of version 1",
          "restore the key directory that belongs to this archive"};
}

// 32 bytes and a zero are 33: base64 without padding but for its last digit,
// an 'A' where 32 bytes alone have a '='.
void EncodeSeed(Bytes seed, MutableBytes text) {
  Secret padded(kSeedSizeBytes + 1);
  std::copy(seed.begin(), seed.end(), padded.span().begin());
  EncodeSecretBase64(padded.view(), text);
  text.back() = '=';
}

// Empty unless `text` is the one spelling of 32 bytes.
Secret DecodeSeed(std::string_view text) {
  if (text.size() != kSeedTextSizeBytes || text.back() != '=') {
    return Secret();
  }
  Secret digits(kSeedTextSizeBytes);
  std::copy(text.begin(), text.end(), digits.span().begin());
  digits.span().back() = 'A';
  Secret padded(kSeedSizeBytes + 1);
  if (!DecodeSecretBase64(AsText(digits.view()), padded.span()) ||
      padded.view().back() != 0) {
    return Secret();
  }
  Secret seed(kSeedSizeBytes);
  std::copy_n(padded.view().begin(), kSeedSizeBytes, seed.span().begin());
  return seed;
}

// Takes `label`, a value and a LF off the front of `text`.
Result<std::string_view> TakeLine(std::string_view& text,
                                  std::string_view label) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(label)) {
    return NoEpochKey();
  }
  const std::string_view value = text.substr(label.size(), end - label.size());
  text.remove_prefix(end + 1);
  return value;
}

}  // namespace

Secret FormatEpochKeyText(const EpochKey& key) {
  std::string head(kFirstLine);
  head += kEpochLabel;
  head += std::to_string(key.epoch) + "\n";
  head += kSeedLabel;
  Secret text(head.size() + kSeedTextSizeBytes + 1);
  const MutableBytes out = text.span();
  const Bytes head_bytes = AsBytes(head);
  std::copy(head_bytes.begin(), head_bytes.end(), out.begin());
  EncodeSeed(key.signer.seed(), out.subspan(head.size(), kSeedTextSizeBytes));
  out.back() = '\n';
  return text;
}

Result<EpochKey> ParseEpochKeyText(Bytes text) {
  std::string_view rest = AsText(text);
  if (!rest.starts_with(kFirstLine)) {
    return NoEpochKey();
  }
  rest.remove_prefix(kFirstLine.size());
  TRY_ASSIGN(const std::string_view epoch_text, TakeLine(rest, kEpochLabel));
  TRY_ASSIGN(const std::string_view seed_text, TakeLine(rest, kSeedLabel));
  const auto epoch = ParseDecimal(epoch_text);
  Secret seed = DecodeSeed(seed_text);
  if (!rest.empty() || !epoch.has_value() || seed.empty()) {
    return NoEpochKey();
  }
  TRY_ASSIGN(Ed25519Signer signer, Ed25519Signer::FromSeed(std::move(seed)));
  return EpochKey{.epoch = *epoch, .signer = std::move(signer)};
}

}  // namespace authseal
