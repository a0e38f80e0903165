#include "lib/signing/signer_store.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/signing/signing_host.h"

namespace authseal {
namespace {

SignerMemory MemoryAt(std::uint64_t epoch, std::uint64_t size) {
  static const NamedSigner identity = MakeIdentity();
  SignerMemory memory;
  memory.key = MakeVerificationKey(identity.name, identity.signer.public_key());
  memory.genesis.bytes.fill(7);
  memory.last.epoch = epoch;
  memory.last.size = size;
  memory.last.root.bytes.fill(static_cast<std::uint8_t>(epoch));
  return memory;
}

std::string PathOf(const SignerMemory& memory) {
  return "S/" + HexEncode(memory.genesis.view()) + ".signed";
}

TEST(SignerStore, RemembersAndNeverMovesBack) {
  MemoryFileSystem file_system;
  auto store = SignerStore::Open(file_system, "S");
  ASSERT_TRUE(store.has_value());
  const SignerMemory memory = MemoryAt(3, 30);
  EXPECT_FALSE(store->Load(memory.genesis)->has_value());
  ASSERT_TRUE(store->Save(memory).has_value());
  EXPECT_EQ((*store->Load(memory.genesis))->last, memory.last);
  EXPECT_TRUE(store->Save(memory).has_value());
  SignerMemory same_epoch = memory;
  same_epoch.last.root.bytes.fill(9);
  SignerMemory other_key = MemoryAt(4, 40);
  other_key.key.key.bytes[0] ^= 1;
  for (const SignerMemory& back :
       {MemoryAt(2, 20), MemoryAt(2, 40), MemoryAt(4, 30), MemoryAt(4, 29),
        same_epoch, other_key}) {
    const Status saved = store->Save(back);
    ASSERT_FALSE(saved.has_value());
    EXPECT_EQ(saved.error().code, ErrorCode::kInternal);
  }
  EXPECT_EQ((*store->Load(memory.genesis))->last, memory.last);
  EXPECT_TRUE(store->Save(MemoryAt(4, 31)).has_value());
}

TEST(SignerStore, IsOneSignersAtATime) {
  MemoryFileSystem file_system;
  const auto first = SignerStore::Open(file_system, "S");
  ASSERT_TRUE(first.has_value());
  const auto second = SignerStore::Open(file_system, "S");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
}

TEST(SignerStore, IsRefusedWhereOthersMayWriteIt) {
  MemoryFileSystem file_system;
  ASSERT_TRUE(SignerStore::Open(file_system, "S").has_value());
  ASSERT_TRUE(file_system.SetMode("S", 0770));
  const auto store = SignerStore::Open(file_system, "S");
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, ErrorCode::kKey);
}

TEST(SignerStore, RefusesAMemoryThatIsNotWhatItWrote) {
  MemoryFileSystem file_system;
  const SignerMemory memory = MemoryAt(3, 30);
  auto store = SignerStore::Open(file_system, "S");
  ASSERT_TRUE(store->Save(memory).has_value());
  const ByteVector good = *file_system.ReadFile(PathOf(memory));
  for (std::size_t size = 0; size < good.size(); ++size) {
    ASSERT_TRUE(file_system.WriteFile(PathOf(memory), Bytes(good).first(size)));
    const auto loaded = store->Load(memory.genesis);
    ASSERT_FALSE(loaded.has_value()) << "cut at " << size;
    EXPECT_EQ(loaded.error().code, ErrorCode::kDamaged);
  }
  SignerMemory other = memory;
  other.genesis.bytes.fill(8);
  ASSERT_TRUE(file_system.WriteFile(PathOf(other), good));
  EXPECT_FALSE(store->Load(other.genesis).has_value());
}

TEST(SignerStore, KnowsAnotherLogOfTheSameKey) {
  MemoryFileSystem file_system;
  const SignerMemory memory = MemoryAt(3, 30);
  auto store = SignerStore::Open(file_system, "S");
  ASSERT_TRUE(store->Save(memory).has_value());
  Hash other;
  other.bytes.fill(8);
  EXPECT_EQ(*store->OtherLogOf(memory.key, other), memory.genesis);
  EXPECT_FALSE(store->OtherLogOf(memory.key, memory.genesis)->has_value());
}

// Whatever fails: the signer has no note to give away unless its memory is
// durable, and signs the same again afterwards.
TEST(SignerStore, IsDurableBeforeANoteExists) {
  const NamedSigner identity = MakeIdentity();
  SigningHost host(identity);
  host.Seal({"a"});
  const std::string request = host.RequestText(0);
  std::string note;
  for (std::uint64_t fail_at = 0;; ++fail_at) {
    MemoryFileSystem disk;
    FaultyFileSystem faulty(disk, {.fail_at = fail_at, .sticky = true});
    const auto outcome =
        Sign(faulty, request, identity, UnknownLog::kFromItsBeginning);
    if (fail_at > 0 && !faulty.has_failed()) {
      break;
    }
    MemoryFileSystem after = disk.CrashCopy({});
    if (outcome.has_value()) {
      ASSERT_FALSE(outcome->note.empty());
      note = note.empty() ? outcome->note : note;
      auto store = SignerStore::Open(after, "S");
      ASSERT_TRUE(store.has_value()) << "fault at " << fail_at;
      const auto memory = store->Load(host.Open().genesis());
      ASSERT_TRUE(memory.has_value() && memory->has_value())
          << "fault at " << fail_at;
    }
    const auto again =
        Sign(after, request, identity, UnknownLog::kFromItsBeginning);
    ASSERT_EQ(Verdict(again), "signed") << "fault at " << fail_at;
    EXPECT_EQ(again->note, note);
  }
}

}  // namespace
}  // namespace authseal
