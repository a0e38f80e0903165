#include <utility>

#include "lib/archive/layout.h"
#include "tests/attack/identity_attacks.h"
#include "tests/attack/identity_forgeries.h"

namespace authseal {
namespace {

constexpr Expected kPasses = Expected::kPasses;

std::string InCheckpoints(const std::string& name) {
  return std::string(kCheckpointsName) + "/" + name;
}

std::string CheckpointPath(std::uint64_t size) {
  return InCheckpoints(CheckpointName(size));
}

std::string RotationPath(std::uint64_t size) {
  return InCheckpoints(RotationName(size));
}

// Found by everybody, by the name that the change has.
IdentityForgery Found(std::string what, ArchiveFiles files,
                      std::string required = "checkpoint-invalid") {
  return {std::move(what),
          std::move(files),
          {Expected::kFound, required},
          {Expected::kFound, required + " key-changed"}};
}

class NoteForger {
 public:
  explicit NoteForger(const IdentityStage& stage)
      : stage_(stage), victim_(stage.victim), sound_(RotationOf(victim_)) {}

  std::vector<IdentityForgery> Run() {
    Checkpoints();
    RotationRemoved();
    RotationMoved();
    RotationForged();
    RotatedAgain();
    return std::move(forgeries_);
  }

 private:
  static RotationNote RotationOf(const Victim& victim) {
    const ByteVector& note = victim.files.at(RotationPath(victim.rotated_at));
    return *ParseRotationText(ParseSignedNote(AsText(note))->text);
  }

  void Add(IdentityForgery forgery) {
    forgeries_.push_back(std::move(forgery));
  }

  ByteVector CheckpointBy(const Checkpoint& checkpoint,
                          const Ed25519Signer& signer) const {
    return SignedText(FormatCheckpointText(checkpoint), victim_.origin, signer);
  }

  // Each by the key that does not count there; and another tree, by both.
  void Checkpoints() {
    for (const Checkpoint& checkpoint : victim_.checkpoints) {
      const bool after = checkpoint.size > victim_.rotated_at;
      const Ed25519Signer& wrong =
          after ? *victim_.first_identity : *victim_.identity;
      const Ed25519Signer& right = *victim_.IdentityAt(checkpoint.size);
      const std::string path = CheckpointPath(checkpoint.size);
      const std::string what =
          path + (after ? " by the key handed over" : " by the key of later");
      ArchiveFiles files = victim_.files;
      files[path] = CheckpointBy(checkpoint, wrong);
      Add(Found(what, files));
      Checkpoint other = checkpoint;
      other.root.bytes[3] ^= 1;
      files[path] = CheckpointBy(other, wrong);
      Add(Found(what + ", of another tree", files));
      files[path] = CheckpointBy(other, right);
      Add(Found(path + " of another tree", files, "root-mismatch"));
    }
    ArchiveFiles files = victim_.files;
    const Checkpoint beyond{victim_.origin, victim_.sealed_end + 50, {}};
    files[CheckpointPath(beyond.size)] =
        CheckpointBy(beyond, *victim_.first_identity);
    Add(Found("a tree never sealed, by the key handed over", files));
    files[CheckpointPath(beyond.size)] =
        CheckpointBy(beyond, *victim_.identity);
    Add(Found("a tree never sealed", files, "rollback"));
    files = victim_.files;
    const auto note = ParseSignedNote(AsText(files.at("archive.note")));
    files["archive.note"] =
        SignedText(note->text, victim_.origin, *victim_.identity);
    Add(Found("archive.note by the key of later", files, "key-changed"));
  }

  // Alone, and with all behind it signed as if there had been none. The
  // reopened epoch tells, which the key of later closed.
  void RotationRemoved() {
    ArchiveFiles files = victim_.files;
    files.erase(RotationPath(victim_.rotated_at));
    Add(Found("the rotation removed", files));
    for (const Checkpoint& checkpoint : victim_.checkpoints) {
      files[CheckpointPath(checkpoint.size)] =
          CheckpointBy(checkpoint, *victim_.first_identity);
    }
    Add(Found("the rotation removed, all by the key handed over", files,
              "seal-invalid"));
  }

  // Under another name as it is; and for another size, signed by both.
  void RotationMoved() {
    std::vector<Checkpoint> places = victim_.checkpoints;
    Checkpoint between = victim_.checkpoints[2];
    between.size -= 3;
    places.push_back(between);
    for (const Checkpoint& place : places) {
      if (place.size == victim_.rotated_at) {
        continue;
      }
      const std::string path = RotationPath(place.size);
      const std::string old_path = RotationPath(victim_.rotated_at);
      ArchiveFiles files = victim_.files;
      files[path] = files.at(old_path);
      Add(Found("the rotation also as " + path, files));
      files.erase(old_path);
      Add(Found("the rotation as " + path, files));
      RotationNote moved = sound_;
      moved.size = place.size;
      moved.root = place.root;
      files[path] =
          SignedRotation(moved, *victim_.first_identity, *victim_.identity);
      Add(Found("the rotation made for " + path, files));
    }
  }

  void RotationForged() {
    const std::string path = RotationPath(victim_.rotated_at);
    const Ed25519Signer& first = *victim_.first_identity;
    const Ed25519Signer& newest = *victim_.identity;
    const Ed25519Signer& own = *stage_.own;
    ArchiveFiles files = victim_.files;
    RotationNote forged = sound_;
    forged.root.bytes[3] ^= 1;
    files[path] = SignedRotation(forged, first, newest);
    Add(Found("a rotation over another tree", files, "root-mismatch"));
    forged = sound_;
    forged.genesis.bytes[3] ^= 1;
    files[path] = SignedRotation(forged, first, newest);
    Add(Found("a rotation of another archive", files));
    forged = sound_;
    forged.new_key = own.public_key();
    files[path] = SignedRotation(forged, newest, own);
    Add(Found("a rotation to his own key, by the key of later", files));
    files[path] = SignedRotation(forged, own, own);
    Add(Found("a rotation to his own key, by that", files));
    files[path] = SignedRotation(forged, first, own);
    Add(Found("a rotation to his own key, by the key handed over", files));
    for (const Checkpoint& checkpoint : victim_.checkpoints) {
      if (checkpoint.size > victim_.rotated_at) {
        files[CheckpointPath(checkpoint.size)] = CheckpointBy(checkpoint, own);
      }
    }
    Add(Found("the same, and checkpoints by his own key", files,
              "seal-invalid"));
  }

  // The thief of the newest key may hand it over: nothing sealed changes, and
  // verify notes it (identity-rotated). Not for a size that is past.
  void RotatedAgain() {
    const Ed25519Signer& newest = *victim_.identity;
    RotationNote again = sound_;
    again.old_key = newest.public_key();
    again.new_key = stage_.own->public_key();
    for (const Checkpoint& at : victim_.checkpoints) {
      if (at.size <= victim_.rotated_at) {
        continue;
      }
      again.size = at.size;
      again.root = at.root;
      ArchiveFiles files = victim_.files;
      files[RotationPath(at.size)] = SignedRotation(again, newest, *stage_.own);
      const std::string what =
          "rotated again to his own key at " + std::to_string(at.size);
      if (at.size == victim_.sealed_end) {
        Add({what, files, {kPasses}, {kPasses}});
      } else {
        Add(Found(what, files));
      }
      again.root.bytes[3] ^= 1;
      files[RotationPath(at.size)] = SignedRotation(again, newest, *stage_.own);
      Add(Found(what + " over another tree", files,
                "root-mismatch checkpoint-invalid"));
    }
  }

  const IdentityStage& stage_;
  const Victim& victim_;
  const RotationNote sound_;
  std::vector<IdentityForgery> forgeries_;
};

}  // namespace

std::vector<IdentityForgery> NoteForgeries(const IdentityStage& stage) {
  return NoteForger(stage).Run();
}

}  // namespace authseal
