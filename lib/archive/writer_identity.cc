#include "lib/archive/writer_identity.h"

#include <string>
#include <utility>
#include <vector>

#include "lib/archive/archive_listing.h"
#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"

namespace authseal {
namespace {

VerificationKey KeyOf(const NamedSigner& signer) {
  return MakeVerificationKey(signer.name, signer.signer.public_key());
}

Error NotThisArchives(const std::string& name) {
  return {ErrorCode::kKey,
          "the identity key of " + name + " is not this archive's",
          "name the archive's own key with --identity, or its key directory "
          "with --keys"};
}

struct FoundIdentities {
  std::optional<NamedSigner> current;
  std::optional<NextIdentity> next;
  std::optional<VerificationKey> pin;

  std::optional<VerificationKey> known() const {
    if (current.has_value()) {
      return KeyOf(*current);
    }
    return next.has_value() ? next->key : pin;
  }
};

Result<FoundIdentities> Look(const KeyStore& keys) {
  FoundIdentities found;
  TRY_ASSIGN(found.current, keys.LoadIdentity());
  TRY_ASSIGN(found.next, keys.LoadNextIdentity());
  TRY_ASSIGN(found.pin, keys.ReadPinKey());
  return found;
}

Result<IdentityChain> ReadChain(const ArchiveReader& archive,
                                const VerificationKey& known) {
  ArchiveListing listing;
  TRY(ListCheckpoints(archive.checkpoints(), listing));
  std::vector<RotationFault> faults;  // authseal verify reports them
  return ReadIdentityChain(archive, listing.rotations, known, {}, faults);
}

// The old key destroyed, the new one in its place, the pin after both.
Status PromoteNext(const ArchiveReader& archive, KeyStore& keys,
                   const VerificationKey& next) {
  TRY(keys.DestroyIdentity());
  TRY(keys.PromoteNextIdentity());
  return keys.WritePin(next, archive.genesis());
}

// Both keys' signatures over the rotation, the old one's first.
Result<std::string> SignRotation(const RotationNote& rotation,
                                 const NamedSigner& from,
                                 const Ed25519Signer& to) {
  const std::string text = FormatRotationText(rotation);
  TRY_ASSIGN(const std::string by_old, SignNote(text, from.name, from.signer));
  TRY_ASSIGN(const std::string by_new, SignNote(text, from.name, to));
  // A note is its text, a blank line, and signature lines.
  return by_old + by_new.substr(text.size() + 1);
}

}  // namespace

Result<WriterIdentity> LoadWriterIdentity(const ArchiveReader& archive,
                                          KeyStore& keys) {
  TRY_ASSIGN(FoundIdentities found, Look(keys));
  WriterIdentity identity;
  const std::optional<VerificationKey> known = found.known();
  if (!known.has_value()) {
    return identity;
  }
  TRY_ASSIGN(identity.chain, ReadChain(archive, *known));
  const bool is_ours =
      known->name == archive.note().origin &&
      VerifySignedNote(archive.signed_note(), identity.chain->first()) ==
          NoteVerdict::kVerified;
  if (!is_ours && (found.current.has_value() || found.next.has_value())) {
    return NotThisArchives(known->name);
  }
  if (!is_ours) {
    identity.chain.reset();
    return identity;
  }
  const VerificationKey& newest = identity.chain->newest();
  if (found.next.has_value() && found.next->key == newest) {
    TRY(PromoteNext(archive, keys, newest));
    identity.signer = std::move(found.next->signer);
    identity.rotation_completed = true;
    return identity;
  }
  if (found.current.has_value() && KeyOf(*found.current) != newest) {
    return Error{ErrorCode::kKey,
                 "the identity key " +
                     FormatVerificationKey(KeyOf(*found.current)) +
                     " was rotated away",
                 "use the one that has the verification key " +
                     FormatVerificationKey(newest)};
  }
  if (found.current.has_value()) {
    TRY(keys.DestroyNextIdentity());  // of a rotation that had no note yet
    if (found.pin.has_value() && *found.pin != newest &&
        identity.chain->Contains(*found.pin)) {
      TRY(keys.WritePin(newest, archive.genesis()));
      identity.rotation_completed = true;
    }
    identity.signer = std::move(found.current);
    return identity;
  }
  const auto locked = keys.ReadIdentityKey();
  if (locked.has_value() && *locked == newest) {
    TRY(keys.DestroyNextIdentity());  // as above
  }
  return identity;
}

Status RotateIdentity(const ArchiveReader& archive, Directory& checkpoints,
                      KeyStore& keys, const SegmentFooter& newest,
                      const KeepIdentity& keep, WriterIdentity& identity) {
  const NamedSigner& from = *identity.signer;
  TRY_ASSIGN(Ed25519Signer to, Ed25519Signer::Generate());
  const RotationNote rotation = {.origin = from.name,
                                 .genesis = archive.genesis(),
                                 .size = newest.end_record,
                                 .root = newest.end.Root(),
                                 .old_key = from.signer.public_key(),
                                 .new_key = to.public_key()};
  TRY_ASSIGN(const std::string note, SignRotation(rotation, from, to));
  const VerificationKey next = MakeVerificationKey(from.name, to.public_key());
  // The key first: a rotation never names a key that is not there.
  TRY(keys.DestroyNextIdentity());
  if (keep) {
    TRY_ASSIGN(const Secret text, keys.FormatNextIdentity(from.name, to));
    TRY(keep(text.view()));
  } else {
    TRY(keys.CreateNextIdentity(from.name, to));
  }
  TRY(CreateFileDurably(checkpoints, RotationName(rotation.size), AsBytes(note),
                        kWrittenOnceMode));
  TRY(keep ? keys.WritePin(next, archive.genesis())
           : PromoteNext(archive, keys, next));
  identity.signer = NamedSigner{.name = next.name, .signer = std::move(to)};
  TRY_ASSIGN(identity.chain, ReadChain(archive, next));
  return Ok();
}

}  // namespace authseal
