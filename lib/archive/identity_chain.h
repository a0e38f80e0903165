// The identity keys of an archive, one after the other, as rotation notes link
// them. See authseal-format(5), ROTATIONS. Pure but for ReadIdentityChain().
#ifndef AUTHSEAL_ARCHIVE_IDENTITY_CHAIN_H_
#define AUTHSEAL_ARCHIVE_IDENTITY_CHAIN_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/archive/rotation_note.h"
#include "lib/base/result.h"
#include "lib/note/signed_note.h"

namespace authseal {

// A rotation note as it stands, and the size that its place says it is for.
struct StoredRotation {
  std::uint64_t size = 0;
  std::string note;
};

struct RotationFault {
  std::uint64_t size = 0;
  std::string text;  // one sentence
};

// Never without a key. keys()[0] signed archive.note; rotations()[i] leads
// from keys()[i] to keys()[i + 1].
class IdentityChain {
 public:
  IdentityChain() : IdentityChain(VerificationKey{}) {}
  explicit IdentityChain(VerificationKey only) : keys_{std::move(only)} {}

  // The longest run of valid, linked rotations that the pinned key has a place
  // in; each one outside it is a fault. `rotations`: by size. `genesis`: what
  // a rotation may name.
  static IdentityChain Build(const VerificationKey& pin,
                             std::span<const Hash> genesis,
                             std::span<const StoredRotation> rotations,
                             std::vector<RotationFault>& faults);

  const VerificationKey& first() const { return keys_.front(); }
  const VerificationKey& newest() const { return keys_.back(); }
  const std::vector<VerificationKey>& keys() const { return keys_; }
  const std::vector<RotationNote>& rotations() const { return rotations_; }
  bool Contains(const VerificationKey& key) const;
  // Which signs checkpoints of this size, and the footer of a reopened segment
  // that ends there.
  const VerificationKey& KeyAt(std::uint64_t size) const;

 private:
  std::vector<VerificationKey> keys_;
  std::vector<RotationNote> rotations_;
};

// Of an archive: its rotation notes of these sizes, and a pin. One that cannot
// be read whole is a fault too. Errors: kIo, kTemporary.
Result<IdentityChain> ReadIdentityChain(
    const ArchiveReader& archive, std::span<const std::uint64_t> sizes,
    const VerificationKey& pin, const std::optional<Hash>& pinned_genesis,
    std::vector<RotationFault>& faults);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_IDENTITY_CHAIN_H_
