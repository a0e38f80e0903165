#include "cmd/identity_options.h"

#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/output.h"
#include "cmd/secret_input.h"
#include "lib/note/encrypted_key.h"

namespace authseal {

namespace {

constexpr std::size_t kKeySizeBytesMax = 8192;
constexpr const char* kIdentityName = "identity.key";

struct FoundKey {
  Secret text;
  std::string place;  // for messages
  bool in_key_directory = false;
};

Result<std::optional<FoundKey>> FindIdentity(Context& context,
                                             const IdentityOptions& options,
                                             const KeyStore* keys) {
  if (!options.identity.empty()) {
    TRY_ASSIGN(Secret text,
               ReadSecret(context, options.identity, kKeySizeBytesMax));
    return std::optional<FoundKey>(
        FoundKey{.text = std::move(text), .place = options.identity});
  }
  if (keys != nullptr) {
    TRY_ASSIGN(auto text, keys->ReadIdentityText());
    if (text.has_value()) {
      return std::optional<FoundKey>(
          FoundKey{.text = *std::move(text),
                   .place = keys->path() + "/" + kIdentityName,
                   .in_key_directory = true});
    }
  }
  const auto credentials = context.environment("CREDENTIALS_DIRECTORY");
  if (credentials.has_value() &&
      context.file_system.Info(*credentials + "/" + kIdentityName)) {
    const std::string source = std::string("credential:") + kIdentityName;
    TRY_ASSIGN(Secret text, ReadSecret(context, source, kKeySizeBytesMax));
    return std::optional<FoundKey>(
        FoundKey{.text = std::move(text), .place = source});
  }
  return std::optional<FoundKey>();
}

}  // namespace

void AddIdentityOptions(CLI::App& command, IdentityOptions& options) {
  command.add_option("--identity", options.identity,
                     "Identity key: FILE, fd:N or credential:NAME (default: "
                     "identity.key of the key directory, else of "
                     "$CREDENTIALS_DIRECTORY)");
  command.add_option("--passphrase-file", options.passphrase_file,
                     "Its passphrase: FILE, fd:N, credential:NAME or - "
                     "(default: asked on the terminal)");
}

Result<OpenedKey> OpenIdentityText(Context& context, const Secret& text,
                                   const std::string& passphrase_file) {
  std::string_view line = AsText(text.view());
  if (IsEncryptedSigningKey(line)) {
    TRY_ASSIGN(const VerificationKey key, VerificationKeyOfEncrypted(line));
    TRY_ASSIGN(Secret passphrase,
               ReadPassphrase(context, passphrase_file,
                              "Passphrase of " + key.name + ": "));
    TRY_ASSIGN(NamedSigner signer, DecryptSigningKey(line, passphrase.view()));
    return OpenedKey{.signer = std::move(signer),
                     .passphrase = std::move(passphrase)};
  }
  if (line.ends_with('\n')) {
    line.remove_suffix(1);
  }
  TRY_ASSIGN(NamedSigner signer, ParseSigningKey(line));
  return OpenedKey{.signer = std::move(signer), .passphrase = std::nullopt};
}

void UseIdentity(LoadedIdentity& identity, KeyStore& keys) {
  std::optional<IdentityLock> lock;
  if (identity.key.passphrase.has_value()) {
    lock = IdentityLock{.passphrase = *std::move(identity.key.passphrase)};
  }
  keys.UseIdentity(identity.key.signer, std::move(lock));
}

Result<std::optional<LoadedIdentity>> LoadIdentityKey(
    Context& context, const IdentityOptions& options, const KeyStore* keys,
    LockedKey locked) {
  TRY_ASSIGN(auto found, FindIdentity(context, options, keys));
  if (!found.has_value()) {
    return std::optional<LoadedIdentity>();
  }
  if (locked == LockedKey::kPassOver && options.passphrase_file.empty() &&
      IsEncryptedSigningKey(AsText(found->text.view()))) {
    PrintNote(context,
              found->place +
                  " is under a passphrase: seals are not published; give it "
                  "with --passphrase-file, or publish with 'authseal seal'");
    return std::optional<LoadedIdentity>();
  }
  auto identity =
      OpenIdentityText(context, found->text, options.passphrase_file);
  if (!identity.has_value()) {
    return std::move(identity).error().With(found->place);
  }
  return std::optional<LoadedIdentity>(
      LoadedIdentity{.key = *std::move(identity),
                     .place = std::move(found->place),
                     .in_key_directory = found->in_key_directory});
}

}  // namespace authseal
