#include "lib/archive/rotation_note.h"

#include "lib/archive/format.h"
#include "lib/base/encoding.h"

namespace authseal {
namespace {

constexpr std::string_view kFirstLine = "authseal rotation v1\n";

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, "it is no rotation note: " + std::string(what)};
}

// Takes `label`, a value and a LF off the front of `text`.
Result<std::string_view> TakeLine(std::string_view& text,
                                  std::string_view label) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || end < label.size() ||
      !text.starts_with(label)) {
    return Damaged("no line '" + std::string(label) + "...'");
  }
  const std::string_view value = text.substr(label.size(), end - label.size());
  text.remove_prefix(end + 1);
  return value;
}

Result<Ed25519PublicKey> TakeKey(std::string_view& text,
                                 std::string_view label) {
  TRY_ASSIGN(const std::string_view value, TakeLine(text, label));
  const auto bytes = Base64DecodeHash(value);
  if (!bytes.has_value()) {
    return Damaged("a key that is not 32 bytes in base64");
  }
  Ed25519PublicKey key;
  key.bytes = bytes->bytes;
  return key;
}

}  // namespace

std::string FormatRotationText(const RotationNote& rotation) {
  std::string text(kFirstLine);
  text += "origin " + rotation.origin;
  text += "\ngenesis " + HexEncode(rotation.genesis.view());
  text += "\nsize " + std::to_string(rotation.size);
  text += "\nroot " + Base64Encode(rotation.root.view());
  text += "\nold-key " + Base64Encode(rotation.old_key.view());
  text += "\nnew-key " + Base64Encode(rotation.new_key.view()) + "\n";
  return text;
}

Result<RotationNote> ParseRotationText(std::string_view text) {
  std::string_view rest = text;
  if (!rest.starts_with(kFirstLine)) {
    return Damaged("another first line");
  }
  rest.remove_prefix(kFirstLine.size());
  RotationNote rotation;
  TRY_ASSIGN(rotation.origin, TakeLine(rest, "origin "));
  TRY_ASSIGN(const std::string_view genesis, TakeLine(rest, "genesis "));
  TRY_ASSIGN(const std::string_view size, TakeLine(rest, "size "));
  TRY_ASSIGN(const std::string_view root, TakeLine(rest, "root "));
  const auto genesis_hash = HexDecodeHash(genesis);
  const auto root_hash = Base64DecodeHash(root);
  const auto number = ParseDecimal(size);
  if (!genesis_hash.has_value() || !root_hash.has_value() ||
      !number.has_value()) {
    return Damaged("a genesis, size or root of a wrong form");
  }
  rotation.genesis = *genesis_hash;
  rotation.root = *root_hash;
  rotation.size = *number;
  TRY_ASSIGN(rotation.old_key, TakeKey(rest, "old-key "));
  TRY_ASSIGN(rotation.new_key, TakeKey(rest, "new-key "));
  // One spelling: what does not come out again is not what was meant.
  if (rotation.size == 0 || rotation.size > kRecordNumberMax + 1 ||
      FormatRotationText(rotation) != text) {
    return Damaged("its text is not in the one form it has");
  }
  return rotation;
}

}  // namespace authseal
