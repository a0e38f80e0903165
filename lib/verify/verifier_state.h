// What a verifier remembers of a target between runs: key, genesis and the
// newest tree it accepted. Kept outside the archive, one small text file per
// path, replaced atomically, never moved back. See authseal-verify(1), STATE.
#ifndef AUTHSEAL_VERIFY_VERIFIER_STATE_H_
#define AUTHSEAL_VERIFY_VERIFIER_STATE_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"

namespace authseal {

// One reopen statement that was accepted; another one of its epoch is not.
struct AcceptedReopening {
  std::uint64_t epoch = 0;
  Hash statement;
  bool operator==(const AcceptedReopening&) const = default;
};

struct VerifierState {
  std::string target_path;  // absolute
  VerificationKey key;
  Hash genesis;
  Checkpoint accepted;  // size 0 and the empty root before the first seal
  std::vector<AcceptedReopening> reopened = {};
};

// Locked against other verifiers of the same target while it lives.
class VerifierStateFile {
 public:
  // `directory` is made (0700) when missing, with what is missing above it.
  // Errors: kLocked, kIo, kInvalidArgument (a target path that is not
  // absolute, or has an LF).
  static Result<VerifierStateFile> Open(FileSystem& file_system,
                                        std::string_view directory,
                                        std::string_view target_path);
  // What Load() would give, without a lock and without making anything: a
  // state is replaced whole, so a reader sees the old or the new one.
  static Result<std::optional<VerifierState>> Peek(
      FileSystem& file_system, std::string_view directory,
      std::string_view target_path);
  // Empty on the first use. kDamaged when the file is not one of ours.
  Result<std::optional<VerifierState>> Load() const;
  // kInvalidArgument when it would move back to a smaller tree, or change the
  // root of a size, the key or the genesis; kDamaged when what is there is not
  // one of ours.
  // The key may move forward along `identities`, oldest first.
  Status Save(const VerifierState& state,
              std::span<const VerificationKey> identities = {});

 private:
  VerifierStateFile() = default;
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<FileLock> lock_;
  std::string name_;
  std::string target_path_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_VERIFIER_STATE_H_
