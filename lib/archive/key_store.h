// The directory beside an archive that holds its secrets and the writer's
// lock. See authseal-format(5), KEYS. Not part of the verify core.
//
// Every key file is created exclusively with 0600 before a byte is written,
// and refused (kKey) when group or others have any permission on it or on the
// directory, or when somebody else owns it.
#ifndef AUTHSEAL_ARCHIVE_KEY_STORE_H_
#define AUTHSEAL_ARCHIVE_KEY_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/archive/segment_indexer.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/crypto/ed25519_signer.h"
#include "lib/crypto/passphrase_box.h"
#include "lib/crypto/secret.h"
#include "lib/io/file_system.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {

// Everything a seal needs to be made again after a crash, with the same bytes.
struct SealIntent {
  bool reopens = false;  // the identity key signs, the epoch's key is lost
  std::uint64_t epoch = 0;
  std::uint64_t segment_first_record = 0;
  std::uint64_t end_record = 0;  // seal record included
  std::uint64_t base_size_bytes =
      0;       // of the open segment, seal block excluded
  Hash chain;  // hash of the last header before it
  UnixNanos seal_time;
  Ed25519PublicKey next_key;
  bool operator==(const SealIntent&) const = default;
};

// What an identity key is encrypted with.
struct IdentityLock {
  Secret passphrase;
  ScryptCost cost = {};  // of keys that are made
};

// The key of a rotation in progress.
struct NextIdentity {
  VerificationKey key;
  std::optional<NamedSigner> signer;  // empty: under another passphrase
};

struct EpochKey {
  std::uint64_t epoch = 0;
  Ed25519Signer signer;
};

class KeyStore {
 public:
  // `path`: the key directory. Errors: kKey (missing, or open to others).
  static Result<KeyStore> Open(FileSystem& file_system, std::string_view path);
  // Makes the directory (0700); kAlreadyExists.
  static Result<KeyStore> Create(FileSystem& file_system,
                                 std::string_view path);
  // "<archive>.keys", trailing slashes removed.
  static std::string DefaultPath(std::string_view archive_path);

  const std::string& path() const { return path_; }

  // Taken by whoever writes; kLocked when somebody else has it.
  Result<std::unique_ptr<FileLock>> LockWriter();
  // Taken for as long as files with cosignatures are written: the writer's
  // lock may be held for hours.
  Result<std::unique_ptr<FileLock>> LockCosignatures();
  // What a crash left half written beside the files that count.
  Status RemoveTemporaryFiles();

  // Taken by whoever publishes what was signed elsewhere; kLocked.
  Result<std::unique_ptr<FileLock>> LockPublisher();

  Status CreateIdentity(std::string_view origin, const Ed25519Signer& signer,
                        const Hash& genesis);  // identity.key, identity.pub
  Status CreateIdentityKey(Bytes text);        // identity.key alone
  Status CreatePin(const VerificationKey& key,
                   const Hash& genesis);                   // identity.pub alone
  Result<std::optional<std::string>> ReadPinText() const;  // identity.pub
  // What identity.key holds, encrypted or not; empty when it is not here, or
  // was being destroyed.
  Result<std::optional<Secret>> ReadIdentityText() const;
  // The public half of it, also of one under a passphrase, which does not
  // prove it. Error kKey.
  Result<std::optional<VerificationKey>> ReadIdentityKey() const;
  // From here on LoadIdentity() gives this key, wherever it came from. With a
  // `lock` the next key opens with it, and is made under it.
  void UseIdentity(const NamedSigner& identity,
                   std::optional<IdentityLock> lock = {});
  // Empty when the identity key lives elsewhere, or is under a passphrase.
  Result<std::optional<NamedSigner>> LoadIdentity() const;
  // kKey, and what to do, when identity.key is there under a passphrase.
  Status CheckIdentityUnlocked() const;

  // The text of an archive.note that waits for its signature.
  Status WriteUnsignedNote(std::string_view text);
  Result<std::optional<std::string>> ReadUnsignedNote() const;
  Status RemoveUnsignedNote();

  // A key file's text for the identity key's successor: under the passphrase
  // of the one in use, if that has one. Error kKey: it has one that is not
  // known here, so the new key would lie open.
  Result<Secret> FormatNextIdentity(std::string_view origin,
                                    const Ed25519Signer& signer) const;
  // The key of a rotation in progress, with that text: identity.next.
  Status CreateNextIdentity(std::string_view origin,
                            const Ed25519Signer& signer);
  Result<std::optional<NextIdentity>> LoadNextIdentity() const;
  Status DestroyIdentity();
  Status DestroyNextIdentity();
  Status PromoteNextIdentity();  // identity.next becomes identity.key, synced
  Status WritePin(const VerificationKey& key, const Hash& genesis);
  // Of identity.pub; empty without one that can be read.
  Result<std::optional<VerificationKey>> ReadPinKey() const;

  // Whether there is an epoch.key that was not being destroyed, of whatever
  // epoch, also one that cannot be read. Error kKey: it is open to others.
  Result<bool> HasEpochKey() const;
  Status CreateEpochKey(const EpochKey& key);  // epoch.key
  Result<std::optional<EpochKey>> LoadEpochKey() const;
  // The key of the epoch after a seal in progress.
  Status CreateNextKey(const EpochKey& key);  // epoch.next
  Result<std::optional<EpochKey>> LoadNextKey() const;
  Status DestroyEpochKey();  // overwrite, unlink, sync; fine when absent
  Status DestroyNextKey();
  Status PromoteNextKey();  // epoch.next becomes epoch.key, synced

  Status WriteIntent(const SealIntent& intent);
  Result<std::optional<SealIntent>> ReadIntent() const;
  Status WriteTail(Bytes tail);
  Result<std::optional<ByteVector>> ReadTail() const;
  Status RemoveIntentAndTail();

  // Which open segment was left in order: name and size.
  struct CleanMark {
    std::string segment_name;
    std::uint64_t size_bytes = 0;
    bool operator==(const CleanMark&) const = default;
  };
  Status WriteCleanMark(const CleanMark& mark);
  Result<std::optional<CleanMark>> ReadCleanMark() const;
  Status RemoveCleanMark();

  // Index parts of the open segment for the next writer, under `key` of the
  // open epoch: index_part_file.h. They only save work.
  Status AppendIndexParts(const EpochKey& key, const Hash& genesis,
                          const SegmentIndexer& indexer);
  Result<std::shared_ptr<const StoredIndexParts>> OpenIndexParts(
      const EpochKey& key, const Hash& genesis) const;
  Status RemoveIndexParts();

  // Asks a running writer to seal / asked by that writer.
  Status RequestSeal();
  Result<bool> SealRequested() const;
  Status ClearSealRequest();

 private:
  KeyStore() = default;
  std::string path_;
  std::unique_ptr<Directory> directory_;
  std::optional<Secret> identity_text_;  // of UseIdentity()
  std::optional<IdentityLock> identity_lock_;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_KEY_STORE_H_
