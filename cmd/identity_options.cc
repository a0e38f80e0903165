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
                   .place = keys->path() + "/" + kIdentityName});
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

Result<NamedSigner> OpenIdentityText(Context& context, const Secret& text,
                                     const std::string& passphrase_file) {
  std::string_view line = AsText(text.view());
  if (IsEncryptedSigningKey(line)) {
    TRY_ASSIGN(const VerificationKey key, VerificationKeyOfEncrypted(line));
    TRY_ASSIGN(const Secret passphrase,
               ReadPassphrase(context, passphrase_file,
                              "Passphrase of " + key.name + ": "));
    return DecryptSigningKey(line, passphrase.view());
  }
  if (line.ends_with('\n')) {
    line.remove_suffix(1);
  }
  return ParseSigningKey(line);
}

Result<std::optional<NamedSigner>> LoadIdentityKey(
    Context& context, const IdentityOptions& options, const KeyStore* keys,
    LockedKey locked) {
  TRY_ASSIGN(const auto found, FindIdentity(context, options, keys));
  if (!found.has_value()) {
    return std::optional<NamedSigner>();
  }
  if (locked == LockedKey::kPassOver && options.passphrase_file.empty() &&
      IsEncryptedSigningKey(AsText(found->text.view()))) {
    PrintNote(context,
              found->place +
                  " is under a passphrase: seals are not published; give it "
                  "with --passphrase-file, or publish with 'authseal seal'");
    return std::optional<NamedSigner>();
  }
  auto identity =
      OpenIdentityText(context, found->text, options.passphrase_file);
  if (!identity.has_value()) {
    return std::move(identity).error().With(found->place);
  }
  return std::optional<NamedSigner>(*std::move(identity));
}

}  // namespace authseal
