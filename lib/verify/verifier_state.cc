#include "lib/verify/verifier_state.h"

#include <algorithm>
#include <utility>

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/io/made_directory.h"

namespace authseal {
namespace {

constexpr std::string_view kFirstLine = "authseal verifier state v1";
constexpr std::size_t kNameSizeBytes = 16;  // of the path's hash
constexpr std::size_t kStateSizeBytesMax = 256 * 1024;
constexpr std::uint32_t kDirectoryMode = 0700;
constexpr std::uint32_t kFileMode = 0600;

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, "verifier state: " + std::string(what),
          "it was damaged or changed; restore it from a copy, or verify with "
          "--key and a --checkpoint from elsewhere before you remove it: what "
          "it remembered is lost then"};
}

std::string FormatState(const VerifierState& state) {
  std::string text(kFirstLine);
  text += "\ntarget " + state.target_path;
  text += "\nkey " + FormatVerificationKey(state.key);
  text += "\ngenesis " + HexEncode(state.genesis.view());
  text += "\ncheckpoint " + std::to_string(state.accepted.size) + " " +
          Base64Encode(state.accepted.root.view()) + "\n";
  for (const AcceptedReopening& reopening : state.reopened) {
    text += "reopened " + std::to_string(reopening.epoch) + " " +
            HexEncode(reopening.statement.view()) + "\n";
  }
  return text;
}

Error Malformed(std::string what) {
  return {ErrorCode::kDamaged, std::move(what)};
}

Result<std::string_view> TakeLine(std::string_view& text,
                                  std::string_view prefix) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || end < prefix.size() ||
      !text.starts_with(prefix)) {
    return Malformed("no line '" + std::string(prefix) + "...'");
  }
  const std::string_view value =
      text.substr(prefix.size(), end - prefix.size());
  text.remove_prefix(end + 1);
  return value;
}

Status ParseCheckpointLine(std::string_view line, VerifierState& state) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) {
    return Malformed("no root in its checkpoint");
  }
  TRY_ASSIGN(state.accepted.size, ParseDecimal(line.substr(0, space)));
  TRY_ASSIGN(state.accepted.root, Base64DecodeHash(line.substr(space + 1)));
  state.accepted.origin = state.key.name;
  return Ok();
}

Status ParseReopenedLine(std::string_view line, VerifierState& state) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) {
    return Damaged("no statement of a reopened epoch");
  }
  AcceptedReopening reopening;
  TRY_ASSIGN(reopening.epoch, ParseDecimal(line.substr(0, space)));
  TRY_ASSIGN(reopening.statement, HexDecodeHash(line.substr(space + 1)));
  state.reopened.push_back(reopening);
  return Ok();
}

Result<VerifierState> ParseState(std::string_view text) {
  std::string_view rest = text;
  TRY(TakeLine(rest, kFirstLine));
  VerifierState state;
  TRY_ASSIGN(state.target_path, TakeLine(rest, "target "));
  TRY_ASSIGN(const std::string_view key_text, TakeLine(rest, "key "));
  const auto key = ParseVerificationKey(key_text);
  if (!key.has_value()) {
    return Malformed("its key is none");
  }
  state.key = *key;
  TRY_ASSIGN(const std::string_view genesis, TakeLine(rest, "genesis "));
  TRY_ASSIGN(state.genesis, HexDecodeHash(genesis));
  TRY_ASSIGN(const std::string_view checkpoint, TakeLine(rest, "checkpoint "));
  TRY(ParseCheckpointLine(checkpoint, state));
  while (!rest.empty()) {
    TRY_ASSIGN(const std::string_view line, TakeLine(rest, "reopened "));
    TRY(ParseReopenedLine(line, state));
  }
  if (FormatState(state) != text) {
    return Malformed("more than its lines");
  }
  return state;
}

// A path that fits a line, and means the same from everywhere.
Status CheckTargetPath(std::string_view path) {
  if (!path.starts_with('/') || path.find_first_of(std::string_view(
                                    "\n\0", 2)) != std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument,
                 "no absolute path on one line: " + std::string(path)};
  }
  return Ok();
}

std::string StemOf(std::string_view target_path) {
  const Hash hash = Sha256Of(AsBytes(target_path));
  return HexEncode(hash.view().first(kNameSizeBytes));
}

// Why `next` may not follow `last`; empty when it may.
std::string_view FaultOfStep(const VerifierState& last,
                             const VerifierState& next,
                             std::span<const VerificationKey> identities) {
  const auto known = std::find(identities.begin(), identities.end(), last.key);
  const bool key_follows =
      next.key == last.key ||
      std::find(known, identities.end(), next.key) != identities.end();
  if (next.genesis != last.genesis || !key_follows) {
    return "another archive was accepted at this path before";
  }
  if (next.accepted.size < last.accepted.size) {
    return "a larger tree was accepted before";
  }
  if (next.accepted.size == last.accepted.size &&
      next.accepted.root != last.accepted.root) {
    return "another root was accepted for this tree size before";
  }
  return {};
}

}  // namespace

Result<VerifierStateFile> VerifierStateFile::Open(
    FileSystem& file_system, std::string_view directory,
    std::string_view target_path) {
  TRY(CheckTargetPath(target_path));
  VerifierStateFile file;
  file.target_path_ = target_path;
  const std::string stem = StemOf(target_path);
  file.name_ = stem + ".state";
  TRY_ASSIGN(file.directory_,
             OpenOrMakeDirectory(file_system, directory, kDirectoryMode));
  TRY_ASSIGN(file.lock_, file.directory_->Lock(stem + ".lock"));
  return file;
}

Result<std::optional<VerifierState>> VerifierStateFile::Peek(
    FileSystem& file_system, std::string_view directory,
    std::string_view target_path) {
  TRY(CheckTargetPath(target_path));
  VerifierStateFile file;
  file.target_path_ = target_path;
  file.name_ = StemOf(target_path) + ".state";
  auto opened = file_system.OpenDirectory(directory);
  if (!opened.has_value()) {
    if (opened.error().code == ErrorCode::kNotFound) {
      return std::optional<VerifierState>();
    }
    return std::move(opened).error().With("verifier state");
  }
  file.directory_ = *std::move(opened);
  return file.Load();
}

Result<std::optional<VerifierState>> VerifierStateFile::Load() const {
  auto bytes = ReadWholeFile(*directory_, name_, kStateSizeBytesMax);
  if (!bytes.has_value()) {
    if (bytes.error().code == ErrorCode::kNotFound) {
      return std::optional<VerifierState>();
    }
    return bytes.error().code == ErrorCode::kDamaged
               ? Damaged(bytes.error().message)
               : std::move(bytes).error().With("verifier state");
  }
  auto state = ParseState(AsText(*bytes));
  if (!state.has_value()) {
    return Damaged(state.error().message).With(name_);
  }
  if (state->target_path != target_path_) {
    return Damaged("it is of " + state->target_path).With(name_);
  }
  return std::optional<VerifierState>(*std::move(state));
}

Status VerifierStateFile::Save(const VerifierState& state,
                               std::span<const VerificationKey> identities) {
  const std::string text = FormatState(state);
  if (state.target_path != target_path_ ||
      state.accepted.origin != state.key.name ||
      text.size() > kStateSizeBytesMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "a verifier state that is not of " + target_path_};
  }
  TRY_ASSIGN(const std::optional<VerifierState> last, Load());
  if (last.has_value()) {
    const std::string_view fault = FaultOfStep(*last, state, identities);
    if (!fault.empty()) {
      return Error{ErrorCode::kInvalidArgument, std::string(fault)};
    }
    if (FormatState(*last) == text) {
      return Ok();
    }
  }
  return WriteFileDurably(*directory_, name_, AsBytes(text), kFileMode);
}

}  // namespace authseal
