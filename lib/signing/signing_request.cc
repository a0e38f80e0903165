#include "lib/signing/signing_request.h"

#include <utility>

#include "lib/archive/archive_note.h"
#include "lib/archive/format.h"
#include "lib/base/encoding.h"
#include "lib/note/signed_note.h"
#include "lib/signing/request_line.h"

namespace authseal {
namespace {

constexpr std::string_view kRequestWords = "authseal signing request v";
constexpr std::string_view kNewLogWords = "authseal new log request v";
constexpr std::string_view kVersion = "1";
constexpr std::string_view kArchiveLabel = "archive ";
constexpr std::string_view kNoteLabel = "note ";
constexpr std::string_view kRotationLabel = "rotation ";
constexpr std::string_view kFromLabel = "from ";
constexpr std::string_view kSealLabel = "seal ";
constexpr std::string_view kCheckpointLabel = "checkpoint ";
constexpr std::size_t kRangeHashesMax = 126;

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, "signing request: " + std::string(what),
          "make the request anew with 'authseal seal --request'"};
}

Error Damaged(const Error& error) {
  return Damaged(error.message);
}

Status TakeVersion(std::string_view& text, std::string_view words) {
  const auto version = TakeRequestLine(text, words);
  if (!version.has_value()) {
    return Damaged("does not begin as one");
  }
  if (*version != kVersion && ParseDecimal(*version).has_value()) {
    return Error{ErrorCode::kNewerVersion,
                 "signing request version " + std::string(*version) +
                     " is unknown to this tool",
                 "use a newer authseal"};
  }
  return *version == kVersion ? Ok() : Status(Damaged("no version number"));
}

std::string FormatSeal(const SealStatement& seal) {
  return std::string(kSealLabel) +
         Base64Encode(EncodeSegmentFooter(seal.footer)) + " " +
         Base64Encode(seal.chain.view()) + " " +
         FormatHashes(seal.body.hashes()) + "\n";
}

Result<SealStatement> ParseSeal(std::string_view line) {
  SealStatement seal;
  TRY_ASSIGN(const ByteVector frame, Base64Decode(TakeWord(line)));
  TRY_ASSIGN(seal.footer, DecodeSegmentFooter(frame));
  TRY_ASSIGN(seal.chain, Base64DecodeHash(TakeWord(line)));
  TRY_ASSIGN(const auto hashes, ParseHashes(line, kRangeHashesMax));
  TRY_ASSIGN(seal.body,
             CompactRange::FromHashes(seal.footer.first_record,
                                      seal.footer.end_record - 1, hashes));
  return seal;
}

std::string FormatRotation(const StoredRotation& rotation) {
  return std::string(kRotationLabel) + std::to_string(rotation.size) + " " +
         Base64Encode(AsBytes(rotation.note)) + "\n";
}

// Takes the rotation lines off the front of `rest`.
Result<std::vector<StoredRotation>> TakeRotations(std::string_view& rest) {
  std::vector<StoredRotation> rotations;
  while (rest.starts_with(kRotationLabel)) {
    TRY_ASSIGN(auto line, TakeRequestLine(rest, kRotationLabel));
    StoredRotation rotation;
    TRY_ASSIGN(rotation.size, ParseDecimal(TakeWord(line)));
    TRY_ASSIGN(const ByteVector note, Base64Decode(line));
    rotation.note = AsText(note);
    if (rotations.size() == kRequestRotationsMax ||
        rotation.note.size() > kNoteSizeBytesMax ||
        (!rotations.empty() && rotation.size <= rotations.back().size)) {
      return Damaged("rotations too many, too long or out of order");
    }
    rotations.push_back(std::move(rotation));
  }
  return rotations;
}

std::string FormatCheckpointLine(const SigningPoint& newest) {
  return std::string(kCheckpointLabel) + std::to_string(newest.size) + " " +
         Base64Encode(newest.root.view()) + "\n";
}

Result<SigningRequest> ParseParts(std::string_view rest) {
  SigningRequest request;
  TRY_ASSIGN(const auto note, TakeRequestLine(rest, kArchiveLabel));
  TRY_ASSIGN(const ByteVector note_bytes, Base64Decode(note));
  request.archive_note = AsText(note_bytes);
  TRY_ASSIGN(request.rotations, TakeRotations(rest));
  TRY_ASSIGN(const auto from, TakeRequestLine(rest, kFromLabel));
  TRY_ASSIGN(request.from, ParseSigningPoint(from));
  while (rest.starts_with(kSealLabel)) {
    if (request.seals.size() == kRequestSealsMax) {
      return Damaged("too many seals");
    }
    TRY_ASSIGN(const auto line, TakeRequestLine(rest, kSealLabel));
    TRY_ASSIGN(SealStatement seal, ParseSeal(line));
    request.seals.push_back(std::move(seal));
  }
  if (rest != FormatCheckpointLine(request.newest())) {
    return Damaged("does not end in the checkpoint that follows from it");
  }
  return request;
}

}  // namespace

std::string FormatSigningRequest(const SigningRequest& request) {
  std::string text(kRequestWords);
  text += std::string(kVersion) + "\n" + std::string(kArchiveLabel) +
          Base64Encode(AsBytes(request.archive_note)) + "\n";
  for (const StoredRotation& rotation : request.rotations) {
    text += FormatRotation(rotation);
  }
  text += std::string(kFromLabel) + FormatSigningPoint(request.from) + "\n";
  for (const SealStatement& seal : request.seals) {
    text += FormatSeal(seal);
  }
  return text + FormatCheckpointLine(request.newest());
}

Result<SigningRequest> ParseSigningRequest(std::string_view text) {
  if (text.size() > kRequestSizeBytesMax) {
    return Damaged("longer than 64 MiB");
  }
  std::string_view rest = text;
  TRY(TakeVersion(rest, kRequestWords));
  auto request = ParseParts(rest);
  if (!request.has_value()) {
    return Damaged(request.error());
  }
  if (FormatSigningRequest(*request) != text) {
    return Damaged("not spelled as it must be");
  }
  return request;
}

bool IsNewLogRequest(std::string_view text) {
  return text.starts_with(kNewLogWords);
}

std::string FormatNewLogRequest(std::string_view archive_note_text) {
  return std::string(kNewLogWords) + std::string(kVersion) + "\n" +
         std::string(kNoteLabel) + Base64Encode(AsBytes(archive_note_text)) +
         "\n";
}

Result<std::string> ParseNewLogRequest(std::string_view text) {
  std::string_view rest = text;
  TRY(TakeVersion(rest, kNewLogWords));
  const auto line = TakeRequestLine(rest, kNoteLabel);
  if (!line.has_value() || !rest.empty() || line->size() > kNoteSizeBytesMax) {
    return Damaged("no line 'note ...' at its end");
  }
  const auto bytes = Base64Decode(*line);
  if (!bytes.has_value()) {
    return Damaged(bytes.error());
  }
  std::string note(AsText(*bytes));
  const auto parsed = ParseArchiveNoteText(note);
  if (!parsed.has_value()) {
    return parsed.error();
  }
  return note;
}

}  // namespace authseal
