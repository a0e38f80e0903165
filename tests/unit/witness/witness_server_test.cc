// The witness against honest logs, confused ones, and enemies.
#include <string>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/merkle/tree_hash.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/witness/witness_world.h"

namespace authseal {
namespace {

std::string HashPath(std::string_view origin) {
  return "/" + HexEncode(OriginHash(origin).view()) + "/checkpoint";
}

void ExpectCosigned(const ServedResponse& response, const SampleLog& log,
                    std::uint64_t size, const WitnessWorld& world) {
  ASSERT_EQ(response.status, 200) << response.body;
  const auto lines = ParseSignatureLines(response.body);
  ASSERT_TRUE(lines.has_value());
  EXPECT_EQ(
      VerifyCosignature(FormatCheckpointText(log.At(size)), *lines, world.key())
          .verdict,
      NoteVerdict::kVerified);
}

TEST(Witness, CosignsATreeThatGrows) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  std::uint64_t before = 0;
  for (const std::uint64_t size : {1u, 2u, 3u, 7u, 8u, 20u, 20u, 33u}) {
    ExpectCosigned(world.Post(log.Request(before, size)), log, size, world);
    EXPECT_EQ(world.StoredSize(), size);
    before = size;
  }
}

TEST(Witness, TellsTheSizeItKnows) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  const ServedResponse unknown = world.Post(log.Request(3, 5));
  EXPECT_EQ(unknown.status, 409);
  EXPECT_EQ(unknown.body, "0\n");
  EXPECT_EQ(unknown.content_type, "text/x.tlog.size");
  ASSERT_EQ(world.Post(log.Request(0, 5)).status, 200);
  for (const std::uint64_t old_size : {0u, 4u, 6u}) {
    const ServedResponse response = world.Post(log.Request(old_size, 9));
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.body, "5\n");
  }
  EXPECT_EQ(world.StoredSize(), 5u);
}

TEST(Witness, NeverGoesBack) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  ASSERT_EQ(world.Post(log.Request(0, 9)).status, 200);
  for (std::uint64_t size = 0; size < 9; ++size) {
    for (std::uint64_t old_size = 0; old_size <= 9; ++old_size) {
      const int status = world
                             .Post({.old_size = old_size,
                                    .proof = log.Proof(old_size, size),
                                    .checkpoint = log.Note(size)})
                             .status;
      EXPECT_EQ(status, old_size > size ? 400 : 409) << old_size << size;
    }
  }
  EXPECT_EQ(world.StoredSize(), 9u);
}

TEST(Witness, RefusesAForkWhateverTheProof) {
  const SampleLog log;
  SampleLog forked;
  forked.ForkAt(4);
  WitnessWorld world({log.key()});
  ASSERT_EQ(world.Post(log.Request(0, 6)).status, 200);
  EXPECT_EQ(world.Post(forked.Request(6, 9)).status, 422);
  AddCheckpoint mixed = forked.Request(6, 9);
  mixed.proof = log.Proof(6, 9);
  EXPECT_EQ(world.Post(mixed).status, 422);
  mixed.proof.clear();
  EXPECT_EQ(world.Post(mixed).status, 422);
  EXPECT_TRUE(world.reports().empty());
  EXPECT_EQ(world.StoredSize(), 6u);
}

TEST(Witness, KeepsTheProofThatALogHasTwoFaces) {
  const SampleLog log;
  SampleLog forked;
  forked.ForkAt(4);
  WitnessWorld world({log.key()});
  ASSERT_EQ(world.Post(log.Request(0, 6)).status, 200);
  EXPECT_EQ(world.Post(forked.Request(6, 6)).status, 422);
  ASSERT_EQ(world.reports().size(), 1u);
  EXPECT_NE(world.reports()[0].find("two histories"), std::string::npos);
  const auto kept = world.files().ReadFile(
      "store/" + HexEncode(OriginHash(kLogOrigin).view()) + ".fork");
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(AsText(*kept), forked.Note(6));
  EXPECT_EQ(world.Post(forked.Request(6, 6)).status, 422);  // again: no matter
  ExpectCosigned(world.Post(log.Request(6, 6)), log, 6, world);
}

TEST(Witness, EveryHashOfAProofCounts) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  ASSERT_EQ(world.Post(log.Request(0, 11)).status, 200);
  const AddCheckpoint good = log.Request(11, 30);
  ASSERT_GT(good.proof.size(), 3u);
  for (std::size_t i = 0; i < good.proof.size(); ++i) {
    AddCheckpoint changed = good;
    changed.proof[i].bytes[0] ^= 1;
    EXPECT_EQ(world.Post(changed).status, 422);
    AddCheckpoint shorter = good;
    shorter.proof.erase(shorter.proof.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(world.Post(shorter).status, 422);
  }
  AddCheckpoint longer = good;
  longer.proof.emplace_back();
  EXPECT_EQ(world.Post(longer).status, 422);
  EXPECT_EQ(world.Post(good).status, 200);
}

TEST(Witness, WantsNoProofWhereThereIsNothingToProve) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  AddCheckpoint first = log.Request(0, 5);
  first.proof.emplace_back();
  EXPECT_EQ(world.Post(first).status, 422);
  ASSERT_EQ(world.Post(log.Request(0, 5)).status, 200);
  AddCheckpoint again = log.Request(5, 5);
  again.proof.emplace_back();
  EXPECT_EQ(world.Post(again).status, 422);
}

TEST(Witness, AnEmptyTreeHasOneRoot) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  EXPECT_EQ(world.Post(log.Request(0, 0)).status, 200);
  auto odd = SignNote(
      FormatCheckpointText({.origin = std::string(kLogOrigin), .size = 0}),
      kLogOrigin, log.signer().signer);
  ASSERT_TRUE(odd.has_value());
  EXPECT_EQ(world.Post({.old_size = 0, .checkpoint = *odd}).status, 422);
}

TEST(Witness, KnowsItsLogsAlone) {
  const SampleLog log;
  const SampleLog stranger(2, "log.example/b");
  const SampleLog impostor(3);  // the same origin, another key
  WitnessWorld world({log.key()});
  EXPECT_EQ(world.Post(stranger.Request(0, 5)).status, 404);
  EXPECT_EQ(world.Post(impostor.Request(0, 5)).status, 403);
  // The right key under the wrong origin's text.
  auto other = SignNote(FormatCheckpointText(stranger.At(5)), kLogOrigin,
                        log.signer().signer);
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(world.Post({.checkpoint = *other}).status, 404);
  EXPECT_EQ(world.StoredSize(), 0u);
}

TEST(Witness, ABadSignatureByATrustedKeyIsRefusedBesideAGoodOne) {
  const SampleLog log;
  const NamedSigner second = MakeSigner(kLogOrigin, 9);
  WitnessWorld world({log.key(), LogKeyOf(second)});
  auto note = ParseSignedNote(log.Note(5));
  ASSERT_TRUE(note.has_value());
  NoteSignature line = note->signatures[0];
  line.key_id = LogKeyOf(second).id;
  note->signatures.push_back(line);
  EXPECT_EQ(world.Post({.checkpoint = FormatSignedNote(*note)}).status, 403);
  EXPECT_EQ(world.Post(log.Request(0, 5)).status, 200);
}

TEST(Witness, SignaturesOfStrangersAreNotKept) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  auto note = ParseSignedNote(log.Note(5));
  ASSERT_TRUE(note.has_value());
  note->signatures.push_back(
      {.name = "x.example", .key_id = 1, .signature = ByteVector(2500, 1)});
  ASSERT_EQ(world.Post({.checkpoint = FormatSignedNote(*note)}).status, 200);
  const ServedResponse kept = world.Get(HashPath(kLogOrigin));
  ASSERT_EQ(kept.status, 200);
  EXPECT_EQ(kept.body.find("x.example"), std::string::npos);
}

TEST(Witness, GivesTheWholeCheckpointItCosigned) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  EXPECT_EQ(world.Get(HashPath(kLogOrigin)).status, 404);
  const ServedResponse answer = world.Post(log.Request(0, 5));
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(world.Get(HashPath(kLogOrigin)).body, log.Note(5) + answer.body);
  for (const std::string& path :
       {std::string("/"), std::string("/checkpoint"),
        std::string("//checkpoint"), std::string("/../lock/checkpoint"),
        HashPath("log.example/b"), std::string("/add-checkpoint"),
        "/" + std::string(64, 'A') + "/checkpoint"}) {
    EXPECT_EQ(world.Get(path).status, 404) << path;
  }
}

TEST(Witness, AnswersGarbageWith400) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  const std::string good = FormatAddCheckpoint(log.Request(0, 5));
  for (std::size_t size = 0; size < good.size(); ++size) {
    const int status = world.PostBody(good.substr(0, size)).status;
    EXPECT_TRUE(status == 400 || status == 403) << size << " " << status;
  }
  for (const std::string& body :
       {std::string(100, '\0'), std::string("\xff\xfe"), good + "\n",
        "old 0\n\n" + std::string(kLogOrigin) + "\n5\nextension\n",
        std::string(100'000, 'x')}) {
    EXPECT_EQ(world.PostBody(body).status, 400);
  }
  EXPECT_EQ(world.StoredSize(), 0u);
}

TEST(Witness, RemembersOverARestart) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  ASSERT_EQ(world.Post(log.Request(0, 5)).status, 200);
  MemoryFileSystem after = world.files().CrashCopy({});
  world.Restart(after);
  EXPECT_EQ(world.StoredSize(), 5u);
  EXPECT_EQ(world.Post(log.Request(0, 3)).body, "5\n");
  EXPECT_EQ(world.Post(log.Request(5, 8)).status, 200);
}

// Whatever fails while it stores, no cosignature leaves that a power cut could
// make it forget; and after a failed store it cosigns no more.
TEST(Witness, NothingLeavesBeforeItIsDurable) {
  const SampleLog log;
  for (std::uint64_t fail_at = 1; fail_at < 40; ++fail_at) {
    for (const auto effect :
         {FaultPlan::Effect::kNothing, FaultPlan::Effect::kDoneAnyway}) {
      WitnessWorld world({log.key()});
      ASSERT_EQ(world.Post(log.Request(0, 5)).status, 200);
      MemoryFileSystem disk = world.files().CrashCopy({});
      FaultyFileSystem faulty(disk);
      world.Restart(faulty);
      faulty.SetPlan({.fail_at = fail_at, .effect = effect});
      const int status = world.Post(log.Request(5, 8)).status;
      if (!faulty.has_failed()) {
        EXPECT_EQ(status, 200);
        continue;
      }
      EXPECT_EQ(status, 500);
      EXPECT_EQ(world.Post(log.Request(8, 8)).status, 500);
      EXPECT_FALSE(world.reports().empty());
    }
  }
}

TEST(Witness, EveryCosignatureSurvivesAPowerCutRightAfterIt) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  std::uint64_t before = 0;
  for (const std::uint64_t size : {3u, 4u, 9u}) {
    ASSERT_EQ(world.Post(log.Request(before, size)).status, 200);
    MemoryFileSystem after = world.files().CrashCopy({});
    auto store = WitnessStore::Open(after, "store");
    ASSERT_TRUE(store.has_value());
    const auto stored = store->Load(kLogOrigin);
    ASSERT_TRUE(stored.has_value() && stored->has_value());
    EXPECT_EQ((*stored)->checkpoint.size, size);
    before = size;
  }
}

TEST(WitnessStore, ADamagedMemoryStopsTheWitness) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  ASSERT_EQ(world.Post(log.Request(0, 5)).status, 200);
  const std::string path =
      "store/" + HexEncode(OriginHash(kLogOrigin).view()) + ".note";
  ASSERT_TRUE(world.files().WriteFile(path, AsBytes("garbage")));
  EXPECT_EQ(world.Post(log.Request(5, 8)).status, 500);
  EXPECT_EQ(world.Post(log.Request(0, 8)).status, 500);
  // Another log's file in its place.
  const SampleLog other(2, "log.example/b");
  ASSERT_TRUE(world.files().WriteFile(path, AsBytes(other.Note(1))));
  EXPECT_EQ(world.Post(log.Request(1, 8)).status, 500);
}

TEST(WitnessStore, HasOneWitness) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  const auto second = WitnessStore::Open(world.files(), "store");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
}

TEST(Witness, ACosignatureNeedsAClock) {
  const SampleLog log;
  WitnessWorld world({log.key()});
  world.clock().Set(UnixNanos{0});
  EXPECT_EQ(world.Post(log.Request(0, 5)).status, 500);
  EXPECT_EQ(world.StoredSize(), 0u);
}

}  // namespace
}  // namespace authseal
