#include "cmd/key_options.h"

#include <climits>
#include <cstdlib>

#include "lib/base/encoding.h"

namespace authseal {

namespace {

constexpr std::uint64_t kPinFileSizeBytesMax = 8192;
constexpr std::string_view kGenesisWord = "genesis ";

// Splits a user's path into the directory to open and the name in it.
std::pair<std::string, std::string> SplitPath(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return {".", path};
  }
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

Result<Pin> ParsePinFile(std::string_view text) {
  Pin pin;
  const std::size_t line_end = text.find('\n');
  TRY_ASSIGN(pin.key, ParseVerificationKey(text.substr(0, line_end)));
  if (line_end == std::string_view::npos) {
    return pin;
  }
  std::string_view rest = text.substr(line_end + 1);
  while (!rest.empty() && rest.back() == '\n') {
    rest.remove_suffix(1);
  }
  if (rest.empty()) {
    return pin;
  }
  if (!rest.starts_with(kGenesisWord)) {
    return Error{ErrorCode::kKey,
                 "the second line is not \"genesis\" and 64 hex digits"};
  }
  Result<Hash> genesis = HexDecodeHash(rest.substr(kGenesisWord.size()));
  if (!genesis) {
    return Error{ErrorCode::kKey, "the genesis is not 64 hex digits"};
  }
  pin.genesis = *genesis;
  return pin;
}

}  // namespace

std::string KeysPath(Context& context, const std::string& archive_path,
                     const std::string& keys_option) {
  if (!keys_option.empty()) {
    return keys_option;
  }
  std::string beside = KeyStore::DefaultPath(archive_path);
  if (!context.file_system.Info(beside)) {
    return context.environment("CREDENTIALS_DIRECTORY")
        .value_or(std::move(beside));
  }
  return beside;
}

Result<Pin> LoadPin(Context& context, const std::string& key_option) {
  // A file wins over a key of the same spelling; keys hold '+' and no '/'
  // is needed to tell them apart in practice.
  const auto [directory_path, name] = SplitPath(key_option);
  Result<FileInfo> info = context.file_system.Info(key_option);
  if (!info) {
    Result<VerificationKey> key = ParseVerificationKey(key_option);
    if (!key) {
      return Error{
          ErrorCode::kKey,
          "--key " + key_option + " is neither a file nor a verification key",
          "give identity.pub, or its first line in quotes"};
    }
    return Pin{.key = *key, .genesis = std::nullopt};
  }
  TRY_ASSIGN(auto directory, context.file_system.OpenDirectory(directory_path));
  Result<ByteVector> text =
      ReadWholeFile(*directory, name, kPinFileSizeBytesMax);
  if (!text) {
    return std::move(text).error().With(key_option);
  }
  Result<Pin> pin = ParsePinFile(AsText(*text));
  if (!pin) {
    return std::move(pin)
        .error()
        .With(key_option)
        .WithHint(
            "a pin file has the verification key on its first line and may "
            "have "
            "\"genesis <64 hex digits>\" on its second, as identity.pub has");
  }
  return pin;
}

std::string StateDirectoryPath(const Context& context) {
  if (auto path = context.environment("STATE_DIRECTORY")) {
    return *path;
  }
  if (auto path = context.environment("XDG_STATE_HOME")) {
    return *path + "/authseal";
  }
  if (auto path = context.environment("HOME")) {
    return *path + "/.local/state/authseal";
  }
  return {};
}

std::string AbsolutePath(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) {
    return path;
  }
  std::string absolute = resolved;
  std::free(resolved);
  return absolute;
}

std::string_view PinSourceName(PinSource source) {
  switch (source) {
    case PinSource::kOption:
      return "option";
    case PinSource::kState:
      return "state";
    case PinSource::kFirstUse:
      return "first-use";
  }
  return "first-use";
}

Result<ResolvedPin> ResolvePin(Context& context,
                               const std::string& archive_path,
                               const std::string& key_option,
                               const std::string& keys_option,
                               const std::optional<VerifierState>& state) {
  if (!key_option.empty()) {
    TRY_ASSIGN(Pin pin, LoadPin(context, key_option));
    if (!pin.genesis && state && pin.key == state->key) {
      pin.genesis = state->genesis;
    }
    return ResolvedPin{.pin = pin, .source = PinSource::kOption};
  }
  if (state) {
    return ResolvedPin{.pin = Pin{.key = state->key, .genesis = state->genesis},
                       .source = PinSource::kState};
  }
  const std::string public_path =
      KeysPath(context, archive_path, keys_option) + "/identity.pub";
  if (!context.file_system.Info(public_path)) {
    return Error{ErrorCode::kKey,
                 "no verification key for " + archive_path +
                     ": nothing is remembered and " + public_path +
                     " cannot be read",
                 "pass --key with the identity.pub you were given when the "
                 "archive was made"};
  }
  TRY_ASSIGN(Pin pin, LoadPin(context, public_path));
  return ResolvedPin{.pin = pin, .source = PinSource::kFirstUse};
}

}  // namespace authseal
