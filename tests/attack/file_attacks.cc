#include <utility>

#include "lib/archive/layout.h"
#include "lib/base/check.h"
#include "lib/note/signed_note_signer.h"
#include "tests/attack/archive_attacks.h"
#include "tests/attack/file_kinds.h"
#include "tests/attack/identity_attacks.h"
#include "tests/attack/judge.h"
#include "tests/attack/victim.h"

namespace authseal {
namespace {

using VictimPointer = std::shared_ptr<const Victim>;

// How the change of one file must be called, or of two.
Attempt AttemptOn(const Victim& victim, std::string what,
                  const std::string& path) {
  const FileKind& kind = KindOf(path);
  Attempt attempt;
  attempt.what = std::move(what);
  attempt.files = victim.files;
  attempt.pin = victim.pin;
  attempt.expected = kind.expected;
  attempt.required = std::string(kind.required) +
                     " file-missing file-unexpected rollback root-mismatch";
  attempt.names = NamesOfDamage();
  attempt.may_be_newer = kind.may_be_newer;
  return attempt;
}

std::vector<std::string> PathsOf(const ArchiveFiles& files) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : files) {
    paths.push_back(path);
  }
  return paths;
}

AttackClass Removed(const VictimPointer& victim) {
  const auto paths = PathsOf(victim->files);
  return {"files: removed", paths.size(), 1,
          [victim, paths](std::uint64_t number, JudgeScope scope) {
            const std::string& path = paths[number];
            Attempt attempt = AttemptOn(*victim, path + " removed", path);
            attempt.expected = KindOf(path).when_missing;
            attempt.required = "file-missing rollback file-unexpected";
            if (path.ends_with(".rotation")) {
              attempt.required = KindOf(path).required;
            }
            attempt.files.erase(path);
            return JudgeArchive(*victim, attempt, scope);
          }};
}

AttackClass NotAFile(const VictimPointer& victim) {
  const auto paths = PathsOf(victim->files);
  return {
      "files: a link, FIFO or directory instead", paths.size() * 2, 1,
      [victim, paths](std::uint64_t number, JudgeScope scope) {
        const std::string& path = paths[number / 2];
        Attempt attempt = AttemptOn(*victim, path + " is no file", path);
        attempt.expected = Expected::kFound;
        attempt.file = "";
        (number % 2 == 0 ? attempt.links : attempt.directories).push_back(path);
        return JudgeArchive(*victim, attempt, scope);
      }};
}

// Each file's bytes in place of each other's; or both exchanged.
AttackClass Exchanged(const VictimPointer& victim) {
  const auto paths = PathsOf(victim->files);
  const std::uint64_t pairs = paths.size() * paths.size();
  return {"files: copied over others, exchanged", pairs * 2, 2,
          [victim, paths, pairs](std::uint64_t number, JudgeScope scope) {
            const std::string& from = paths[number % pairs / paths.size()];
            const std::string& to = paths[number % paths.size()];
            const bool both = number >= pairs;
            if (victim->files.at(from) == victim->files.at(to)) {
              return Judgement{};
            }
            Attempt attempt = AttemptOn(*victim, from + " over " + to, to);
            attempt.files[to] = victim->files.at(from);
            if (both) {
              attempt.files[from] = victim->files.at(to);
              attempt.required += " " + std::string(KindOf(from).required);
              attempt.may_be_newer |= KindOf(from).may_be_newer;
              if (KindOf(from).expected == Expected::kFound) {
                attempt.expected = Expected::kFound;
              }
            }
            return JudgeArchive(*victim, attempt, scope);
          }};
}

// A second copy of each file under a name that an archive might have, and
// under some that none has.
AttackClass Repeated(const VictimPointer& victim) {
  const auto paths = PathsOf(victim->files);
  static constexpr std::string_view kNames[] = {
      "segments/000000000004.jsonl.zst",
      "segments/000000000099.jsonl.zst",
      "segments/000000000004.jsonl.zst.open",
      "segments/000000000004.idx",
      "segments/000000000099.idx",
      "checkpoints/000000000004.note",
      "checkpoints/000000000099.note",
      "checkpoints/000000000004.cosig",
      "checkpoints/000000000004.tsq",
      "checkpoints/000000000004.tsr",
      "checkpoints/000000000004.rotation",
      "checkpoints/latest.note",
      "archive.note.bak",
      "segments/0.jsonl.zst",
      "segments/000000000000.jsonl.zst.bak"};
  const std::uint64_t names = std::size(kNames);
  return {"files: repeated under other names", paths.size() * names, 1,
          [victim, paths, names](std::uint64_t number, JudgeScope scope) {
            const std::string& from = paths[number / names];
            const std::string to(kNames[number % names]);
            Attempt attempt = AttemptOn(*victim, from + " also as " + to, from);
            attempt.expected = Expected::kFound;
            attempt.required =
                "file-unexpected file-missing checkpoint-invalid";
            attempt.files[to] = victim->files.at(from);
            return JudgeArchive(*victim, attempt, scope);
          }};
}

void SignAgain(const Victim& identity, std::uint64_t size, ByteVector& bytes) {
  const auto note = ParseSignedNote(AsText(bytes));
  AUTHSEAL_CHECK(note.has_value());
  const auto again =
      SignNote(note->text, identity.origin, *identity.IdentityAt(size));
  AUTHSEAL_CHECK(again.has_value());
  const Bytes text = AsBytes(*again);
  bytes.assign(text.begin(), text.end());
}

// The same texts, signed by the victim's identity keys: another archive of the
// same log, whose keys changed hands as the victim's did.
Victim SignedAs(const Victim& identity, Victim other) {
  SignAgain(identity, 0, other.files.at("archive.note"));
  for (const Checkpoint& checkpoint : other.checkpoints) {
    SignAgain(identity, checkpoint.size,
              other.files.at("checkpoints/" + CheckpointName(checkpoint.size)));
  }
  const std::string path = "checkpoints/" + RotationName(other.rotated_at);
  other.files.at(path) =
      SignedRotation({.origin = other.origin,
                      .genesis = *other.pin.genesis,
                      .size = other.rotated_at,
                      .root = other.checkpoints[2].root,
                      .old_key = identity.first_identity->public_key(),
                      .new_key = identity.identity->public_key()},
                     *identity.first_identity, *identity.identity);
  return other;
}

AttackClass FromOther(std::string name, const VictimPointer& victim,
                      const VictimPointer& other, std::string whole) {
  const auto paths = PathsOf(victim->files);
  // One file each; all of them; all but the note.
  return {
      std::move(name), paths.size() + 2, 1,
      [victim, other, paths, whole](std::uint64_t number, JudgeScope scope) {
        Attempt attempt =
            AttemptOn(*victim, "from another archive", "archive.note");
        attempt.required = whole;
        if (number < paths.size()) {
          const std::string& path = paths[number];
          if (other->files.at(path) == victim->files.at(path)) {
            return Judgement{};
          }
          attempt = AttemptOn(*victim, path + " of another archive", path);
          attempt.files[path] = other->files.at(path);
          return JudgeArchive(*victim, attempt, scope);
        }
        attempt.files = other->files;
        if (number > paths.size()) {
          attempt.files["archive.note"] = victim->files.at("archive.note");
          attempt.required =
              "epoch-key-mismatch header-signature-invalid seal-invalid "
              "checkpoint-invalid";
        }
        return JudgeArchive(*victim, attempt, scope);
      }};
}

}  // namespace

std::vector<AttackClass> FileAttacks() {
  const auto victim =
      std::make_shared<const Victim>(MakeSmallVictim("log.example.org"));
  const auto same_key = std::make_shared<const Victim>(
      SignedAs(*victim, MakeSmallVictim("log.example.org")));
  const auto other =
      std::make_shared<const Victim>(MakeSmallVictim("log.example.net"));
  return {Removed(victim),
          NotAFile(victim),
          Exchanged(victim),
          Repeated(victim),
          FromOther("files: of an archive by the same key", victim, same_key,
                    "genesis-mismatch"),
          FromOther("files: of an archive of another log", victim, other,
                    "key-changed origin-changed")};
}

std::vector<AttackClass> PinAttacks() {
  const auto victim =
      std::make_shared<const Victim>(MakeSmallVictim("log.example.org"));
  const std::string key_text = FormatVerificationKey(*victim->pin.key);
  const std::uint64_t text_bits = key_text.size() * 8;
  return {{"pin: each bit of key and genesis",
           text_bits + 8 * victim->pin.genesis->bytes.size(), 8,
           [victim, key_text, text_bits](std::uint64_t bit, JudgeScope scope) {
             Attempt attempt;
             attempt.what = "bit " + std::to_string(bit) + " of the pin";
             attempt.files = victim->files;
             attempt.pin = victim->pin;
             attempt.required = "key-changed genesis-mismatch origin-changed";
             const auto mask = static_cast<std::uint8_t>(1u << (bit % 8));
             if (bit >= text_bits) {
               attempt.pin.genesis->bytes[(bit - text_bits) / 8] ^= mask;
               return JudgeArchive(*victim, attempt, scope);
             }
             std::string text = key_text;
             text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
             const auto key = ParseVerificationKey(text);
             if (!key.has_value()) {
               return Judgement{Outcome::kDetected, ""};  // refused
             }
             attempt.pin.key = *key;
             return JudgeArchive(*victim, attempt, scope);
           }}};
}

}  // namespace authseal
