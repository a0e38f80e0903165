// Where the identity key comes from: the same options on every command that
// signs with it.
#ifndef AUTHSEAL_CMD_IDENTITY_OPTIONS_H_
#define AUTHSEAL_CMD_IDENTITY_OPTIONS_H_

#include <optional>
#include <string>

#include "cmd/context.h"
#include "lib/archive/key_store.h"
#include "lib/base/result.h"
#include "lib/crypto/secret.h"
#include "lib/note/signed_note_signer.h"

namespace CLI {
class App;
}

namespace authseal {

struct IdentityOptions {
  std::string identity;         // FILE, fd:N, credential:NAME; empty: default
  std::string passphrase_file;  // FILE, fd:N, credential:NAME, -
};

// --identity and --passphrase-file.
void AddIdentityOptions(CLI::App& command, IdentityOptions& options);

enum class LockedKey {
  kAsk,       // for its passphrase, on the terminal
  kPassOver,  // as if it were elsewhere, with a note: nobody is there to ask
};

// A key and what opened it.
struct OpenedKey {
  NamedSigner signer;
  std::optional<Secret> passphrase;  // empty: the key's file is plain
};

struct LoadedIdentity {
  OpenedKey key;
  std::string place;              // for messages
  bool in_key_directory = false;  // as identity.key
};

// Signs with it from here on; its successor will be under its passphrase.
void UseIdentity(LoadedIdentity& identity, KeyStore& keys);

// --identity, else identity.key of `keys`, else identity.key of
// $CREDENTIALS_DIRECTORY; empty when it is in none of them. `keys` may be null.
// Errors: kKey, kIo.
Result<std::optional<LoadedIdentity>> LoadIdentityKey(
    Context& context, const IdentityOptions& options, const KeyStore* keys,
    LockedKey locked);

// A key as a file holds it, decrypted if need be.
Result<OpenedKey> OpenIdentityText(Context& context, const Secret& text,
                                   const std::string& passphrase_file);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_IDENTITY_OPTIONS_H_
