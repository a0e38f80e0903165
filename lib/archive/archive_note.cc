#include "lib/archive/archive_note.h"

#include <algorithm>

#include "lib/archive/format.h"
#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/note/signed_note.h"

namespace authseal {
namespace {

constexpr std::string_view kVersionPrefix = "authseal archive v";

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, "archive note: " + std::string(what)};
}

// Cuts the next line, which must be `prefix` and a value, from `text`.
Result<std::string_view> TakeLine(std::string_view& text,
                                  std::string_view prefix) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(prefix)) {
    return Damaged("no line '" + std::string(prefix) + "...'");
  }
  const std::string_view value =
      text.substr(0, end).substr(std::min(end, prefix.size()));
  text.remove_prefix(end + 1);
  return value;
}

template <std::size_t kSizeBytes>
Status DecodeBytes(std::string_view base64, std::string_view field,
                   std::array<std::uint8_t, kSizeBytes>& out) {
  TRY_ASSIGN(const ByteVector bytes, Base64Decode(base64));
  if (bytes.size() != kSizeBytes) {
    return Damaged(std::string(field) + " has a wrong length");
  }
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return Ok();
}

}  // namespace

std::string FormatArchiveNoteText(const ArchiveNote& note) {
  std::string text(kVersionPrefix);
  text += std::to_string(kFormatVersion);
  text += "\norigin " + note.origin;
  text += "\nleaf plain";
  text += "\nnonce " + Base64Encode(note.nonce);
  text += "\nepoch-key " + Base64Encode(note.first_epoch_key.view());
  text += "\n";
  return text;
}

Status CheckArchiveNoteVersion(std::string_view text) {
  TRY_ASSIGN(const std::string_view number, TakeLine(text, kVersionPrefix));
  TRY_ASSIGN(const std::uint64_t version, ParseDecimal(number));
  if (version != kFormatVersion) {
    return Error{ErrorCode::kNewerVersion,
                 "archive format version " + std::to_string(version) +
                     " is unknown to this tool",
                 "use a newer authseal"};
  }
  return Ok();
}

Result<ArchiveNote> ParseArchiveNoteText(std::string_view text) {
  TRY(CheckArchiveNoteVersion(text));
  std::string_view rest = text;
  TRY(TakeLine(rest, kVersionPrefix));
  ArchiveNote note;
  TRY_ASSIGN(note.origin, TakeLine(rest, "origin "));
  if (!IsNoteKeyName(note.origin)) {
    return Damaged("the origin is no key name");
  }
  TRY_ASSIGN(const std::string_view leaf, TakeLine(rest, "leaf "));
  if (leaf != "plain") {
    return Damaged("unknown leaf rule");
  }
  TRY_ASSIGN(const std::string_view nonce, TakeLine(rest, "nonce "));
  TRY(DecodeBytes(nonce, "nonce", note.nonce));
  TRY_ASSIGN(const std::string_view key, TakeLine(rest, "epoch-key "));
  TRY(DecodeBytes(key, "epoch-key", note.first_epoch_key.bytes));
  // One spelling a note: whatever the parser above overlooks ends here.
  if (FormatArchiveNoteText(note) != text) {
    return Damaged("more than its five lines");
  }
  return note;
}

Hash Genesis(std::string_view archive_note_text) {
  return Sha256Of(AsBytes(archive_note_text));
}

}  // namespace authseal
