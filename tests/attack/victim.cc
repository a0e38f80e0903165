#include "tests/attack/victim.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"
#include "lib/note/signed_note_signer.h"
#include "tests/attack/outsiders.h"

namespace authseal {
namespace {

constexpr std::size_t kIndexSizeBytes = 300;

std::vector<std::string> Lines(std::string_view who, std::size_t count) {
  static constexpr std::string_view kKinds[] = {"login", "token", "logout"};
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) {
    lines.push_back("{\"event\":\"" + std::string(kKinds[i % 3]) +
                    "\",\"user\":\"" + std::string(who) +
                    "\",\"n\":" + std::to_string(i) + "}");
  }
  return lines;
}

// A witness's line, as nobody checks it whose policy does not name it.
NoteSignature StrangersLine() {
  NoteSignature line;
  line.name = "witness.example.net";
  line.key_id = 0x01020304;
  for (std::uint8_t i = 0; i < 72; ++i) {
    line.signature.push_back(i);
  }
  return line;
}

SignerPointer CurrentIdentity(TestArchive& archive) {
  const auto identity = archive.file_system().ReadFile("A.keys/identity.key");
  AUTHSEAL_CHECK(identity.has_value());
  auto signer =
      ParseSigningKey(AsText(Bytes(*identity).first(identity->size() - 1)));
  AUTHSEAL_CHECK(signer.has_value());
  return std::make_shared<const Ed25519Signer>(std::move(signer->signer));
}

VerifyReport SoundReport(const Victim& victim) {
  VerifyOptions options;
  options.pin = victim.pin;
  auto report = Verify(victim.files, options);
  AUTHSEAL_CHECK(report.has_value() && report->verified());
  return *std::move(report);
}

}  // namespace

Victim VictimOf(TestArchive& archive, std::size_t epochs) {
  Victim victim;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    victim.epoch_keys.push_back(
        std::make_shared<const Ed25519Signer>(archive.EpochSigner(epoch)));
  }
  victim.identity = CurrentIdentity(archive);
  victim.first_identity = victim.identity;
  victim.files = archive.Files();
  victim.pin = archive.pin();
  victim.origin = victim.pin.key->name;
  victim.oracle = std::make_shared<const RecordOracle>(victim.files);
  victim.records = victim.oracle->records();
  for (const auto& [path, bytes] : victim.files) {
    if (path.starts_with("checkpoints/") && path.ends_with(".note")) {
      const auto note = ParseSignedNote(AsText(bytes));
      AUTHSEAL_CHECK(note.has_value());
      victim.checkpoints.push_back(*ParseCheckpointText(note->text));
    }
  }
  victim.sealed_end = victim.newest().size;
  victim.sealed_root = victim.newest().root;
  return victim;
}

Victim MakeSmallVictim(std::string_view origin) {
  TestArchive archive(origin, kIndexSizeBytes);
  archive.Commit({Lines("ann", 3), Lines("bob", 2)});
  archive.CommitFrom("/var/log/x", 0, 9000, 1, Lines("cid", 2));
  archive.Commit({{"{\"authseal\":{\"prefix\":\"<1>\",\"line\":{}}}"}});
  archive.Seal();
  archive.Seal();  // an empty epoch
  archive.Commit({Lines("dan", 2), Lines("eve", 3)});
  archive.CommitFrom("/var/log/x", 9000, 12000, 1, Lines("fay", 1));
  const SignerPointer first_identity = CurrentIdentity(archive);
  archive.RotateIdentity();
  archive.Commit({Lines("kim", 2)});
  archive.Commit({Lines("lea", 1)});
  archive.LoseEpochKeyAndReopen();
  archive.Commit({Lines("max", 2)});
  archive.Seal();
  archive.Commit({Lines("gus", 2)});
  archive.Commit({Lines("hal", 1), Lines("ida", 2)});
  archive.Commit({Lines("jon", 3)});
  Victim victim = VictimOf(archive, 6);
  victim.first_identity = first_identity;
  victim.rotated_at = victim.checkpoints[2].size;
  AddOutsiders(victim, StrangersLine());
  victim.oracle = std::make_shared<const RecordOracle>(victim.files);
  victim.reopened = SoundReport(victim).reopened;
  AUTHSEAL_CHECK(victim.reopened.size() == 1);
  return victim;
}

Victim MakeForgeryVictim(std::string_view origin, std::uint64_t records) {
  constexpr std::uint64_t kSegments = 4;  // with records; the last is open
  TestArchive archive(origin, kIndexSizeBytes);
  const std::uint64_t blocks_each = 6;
  const std::uint64_t per_block =
      std::max<std::uint64_t>(1, records / (kSegments * blocks_each));
  const auto block = [&](std::uint64_t segment, std::uint64_t number) {
    return Lines("u" + std::to_string(segment) + "_" + std::to_string(number),
                 per_block);
  };
  for (std::uint64_t segment = 0; segment < kSegments; ++segment) {
    archive.Commit({block(segment, 0), block(segment, 1)});
    archive.Commit({block(segment, 2)});
    archive.Commit({block(segment, 3), block(segment, 4), block(segment, 5)});
    if (segment + 1 < kSegments) {
      archive.Seal();
    }
    if (segment == 0) {
      archive.Seal();  // an empty epoch
    }
  }
  return VictimOf(archive, kSegments + 1);
}

}  // namespace authseal
