// What a signer remembers of each log it signs for: one small text file a log,
// named by its genesis, replaced atomically, never moved back. See
// authseal-sign(1), STORE.
#ifndef AUTHSEAL_SIGNING_SIGNER_STORE_H_
#define AUTHSEAL_SIGNING_SIGNER_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/archive/identity_chain.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/signed_note.h"
#include "lib/signing/signing_point.h"

namespace authseal {

struct SignerMemory {
  VerificationKey key;
  Hash genesis;
  SigningPoint last;  // where the log stood when it was signed last
};

// Locked against other signers with the same store while it lives: a signer
// works alone from reading its memory to the end of writing it.
class SignerStore {
 public:
  // `path` is made (0700) when missing, with what is missing above it. Errors:
  // kLocked, kKey (open to others: who can write it can make the signer sign a
  // fork), kIo.
  static Result<SignerStore> Open(FileSystem& file_system,
                                  std::string_view path);

  const std::string& path() const { return path_; }

  // Empty when this log was never signed here. kDamaged when the file is not
  // one of ours.
  Result<std::optional<SignerMemory>> Load(const Hash& genesis) const;
  // Another log that is signed with this key, if there is one.
  Result<std::optional<Hash>> OtherLogOf(const VerificationKey& key,
                                         const Hash& genesis) const;
  // Durable on return. kInternal when it would move back: less epochs, another
  // tree or key at the same epoch, or another key of the log, unless one of
  // `identities` is what it was before.
  Status Save(const SignerMemory& memory, const IdentityChain& identities = {});

 private:
  SignerStore() = default;
  std::string path_;
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<FileLock> lock_;
};

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_SIGNER_STORE_H_
