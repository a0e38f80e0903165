// What a host publishes of what comes back.
#include "lib/signing/publication.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/note/checkpoint.h"
#include "lib/signing/signer.h"
#include "tests/unit/signing/signing_host.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

class SigningResponse : public ::testing::Test {
 protected:
  SigningResponse() { host_.Seal({"a", "b"}); }
  std::string Signed(SigningHost& host) {
    const auto outcome = Sign(store_, host.RequestText(), identity_,
                              UnknownLog::kFromItsBeginning);
    EXPECT_EQ(Verdict(outcome), "signed");
    return outcome->note;
  }
  std::string SignedBy(const NamedSigner& identity, std::uint64_t size,
                       const Hash& root) {
    return *SignNote(FormatCheckpointText(
                         {.origin = identity.name, .size = size, .root = root}),
                     identity.name, identity.signer);
  }
  void ExpectRefused(const std::string& note, ErrorCode code,
                     std::string_view words) {
    const auto taken = host_.Take(note);
    ASSERT_FALSE(taken.has_value());
    EXPECT_EQ(taken.error().code, code);
    EXPECT_THAT(taken.error().message, HasSubstr(std::string(words)));
    EXPECT_TRUE(host_.Open().List()->checkpoints.empty());
  }

  NamedSigner identity_ = MakeIdentity();
  SigningHost host_{identity_};
  MemoryFileSystem store_;
};

TEST_F(SigningResponse, IsPublishedAsItIs) {
  const std::string note = Signed(host_);
  const auto taken = host_.Take(note);
  ASSERT_TRUE(taken.has_value()) << taken.error().message;
  EXPECT_TRUE(taken->is_new);
  EXPECT_EQ(taken->checkpoint.size, 3u);
  EXPECT_EQ(*host_.Open().ReadCheckpoint(3), note);
  const auto again = host_.Take(note);
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(again->is_new);
}

TEST_F(SigningResponse, MayComeLateAndInAnyOrder) {
  const std::string first = Signed(host_);
  host_.Seal({"c"});
  const std::string second = Signed(host_);
  const auto late = host_.Take(second);
  ASSERT_TRUE(late.has_value());
  EXPECT_EQ(late->newest_size, 5u);
  const auto older = host_.Take(first);
  ASSERT_TRUE(older.has_value());
  EXPECT_EQ(older->checkpoint.size, 3u);
  EXPECT_EQ(older->newest_size, 5u);
  EXPECT_EQ(host_.Open().List()->checkpoints.size(), 2u);
}

TEST_F(SigningResponse, IsRefusedAtEveryCutAndWithEveryCharacterChanged) {
  const std::string note = Signed(host_);
  for (std::size_t size = 0; size < note.size(); ++size) {
    ASSERT_FALSE(host_.Take(note.substr(0, size)).has_value()) << size;
  }
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_FALSE(host_.Take(changed).has_value()) << i;
  }
  EXPECT_TRUE(host_.Open().List()->checkpoints.empty());
}

TEST_F(SigningResponse, OfAnotherKeyIsRefused) {
  const Hash root = host_.Request().newest().root;
  ExpectRefused(SignedBy(MakeIdentity(), 3, root), ErrorCode::kKey,
                "checkpoint-invalid");
}

TEST_F(SigningResponse, OfAnotherTreeIsRefusedAlthoughItsKeyIsRight) {
  const Hash root = host_.Request().newest().root;
  Hash other = root;
  other.bytes[0] ^= 1;
  ExpectRefused(SignedBy(identity_, 3, other), ErrorCode::kDamaged, "fork");
  ExpectRefused(SignedBy(identity_, 2, root), ErrorCode::kDamaged, "fork");
  ExpectRefused(SignedBy(identity_, 4, root), ErrorCode::kDamaged, "rollback");
  ExpectRefused(SignedBy(identity_, 0, root), ErrorCode::kDamaged, "rollback");
}

TEST_F(SigningResponse, OfAnotherArchiveWithTheSameKeyIsRefused) {
  SigningHost other(identity_);
  other.Seal({"x", "y"});
  ExpectRefused(Signed(other), ErrorCode::kDamaged, "fork");
}

TEST_F(SigningResponse, ThatIsTheNoteOfAnArchiveIsRefused) {
  const auto note = *host_.file_system().ReadFile("A/archive.note");
  ExpectRefused(std::string(AsText(note)), ErrorCode::kDamaged,
                "checkpoint-invalid");
}

TEST_F(SigningResponse, NeverReplacesACheckpoint) {
  const std::string note = Signed(host_);
  const std::string path = "A/checkpoints/000000000003.note";
  ASSERT_TRUE(host_.file_system().WriteFile(path, AsBytes("else")));
  const auto taken = host_.Take(note);
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().code, ErrorCode::kDamaged);
  EXPECT_EQ(AsText(*host_.file_system().ReadFile(path)), "else");
}

TEST_F(SigningResponse, IsTakenBesideARunningWriter) {
  const std::string note = Signed(host_);
  auto keys = KeyStore::Open(host_.file_system(), "A.keys");
  const auto lock = keys->LockWriter();
  ASSERT_TRUE(lock.has_value());
  EXPECT_TRUE(host_.Take(note).has_value());
}

}  // namespace
}  // namespace authseal
