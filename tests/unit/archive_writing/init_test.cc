// InitArchive: what it makes, what it refuses, what it leaves on failure.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/base/encoding.h"
#include "lib/note/signed_note_signer.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(InitArchive, MakesArchiveAndKeys) {
  MemoryFileSystem files;
  const auto made = InitArchive(files, "A", "A.keys", kTestOrigin);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_THAT(files.ListPaths(),
              ElementsAre("A", "A.keys", "A.keys/epoch.key",
                          "A.keys/identity.key", "A.keys/identity.pub",
                          "A/archive.note", "A/checkpoints", "A/segments"));
  EXPECT_EQ(files.Info("A")->mode, 0750u);
  EXPECT_EQ(files.Info("A.keys")->mode, 0700u);
  for (const char* name : {"epoch.key", "identity.key", "identity.pub"}) {
    EXPECT_EQ(files.Info(std::string("A.keys/") + name)->mode, 0600u) << name;
  }
  const auto archive = ArchiveReader::Open(files, "A");
  ASSERT_TRUE(archive.has_value());
  EXPECT_EQ(archive->genesis(), made->genesis);
  const auto key = ParseVerificationKey(made->verification_key);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(VerifySignedNote(archive->signed_note(), *key),
            NoteVerdict::kVerified);
  EXPECT_EQ(AsText(*files.ReadFile("A.keys/identity.pub")),
            made->verification_key + "\ngenesis " +
                HexEncode(made->genesis.view()) + "\n");
}

TEST(InitArchive, EachArchiveIsAnother) {
  MemoryFileSystem files;
  const auto one = InitArchive(files, "A", "A.keys", kTestOrigin);
  const auto two = InitArchive(files, "B", "B.keys", kTestOrigin);
  EXPECT_NE(one->genesis, two->genesis);
  EXPECT_NE(one->verification_key, two->verification_key);
}

TEST(InitArchive, IsDurableOnReturn) {
  MemoryFileSystem files;
  ASSERT_TRUE(InitTestArchive(files));
  MemoryFileSystem after = files.CrashCopy({});
  ManualClock clock;
  EXPECT_EQ(after.ListPaths(), files.ListPaths());
  EXPECT_TRUE(OpenTestArchive(after, clock).has_value());
}

TEST(InitArchive, RefusesWhatIsThereAlready) {
  for (const char* existing : {"A", "A.keys"}) {
    MemoryFileSystem files;
    ASSERT_TRUE(files.CreateDirectory(existing, 0700).has_value());
    const auto before = files.ListPaths();
    const auto made = InitArchive(files, "A", "A.keys", kTestOrigin);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, ErrorCode::kAlreadyExists);
    EXPECT_EQ(files.ListPaths(), before);
  }
}

TEST(InitArchive, RefusesBadOriginsAndKeysWithinTheArchive) {
  struct Case {
    const char* keys;
    const char* origin;
  };
  for (const Case& bad :
       {Case{"A.keys", ""}, Case{"A.keys", "two words"}, Case{"A.keys", "a+b"},
        Case{"A.keys", "a\nb"}, Case{"A/keys", "o"}, Case{"A", "o"}}) {
    MemoryFileSystem files;
    const auto made = InitArchive(files, "A", bad.keys, bad.origin);
    ASSERT_FALSE(made.has_value()) << bad.keys << " " << bad.origin;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
    EXPECT_TRUE(files.ListPaths().empty());
  }
}

TEST(InitArchive, AFailureSaysWhatIsLeftAndLeavesNoArchive) {
  MemoryFileSystem counted;
  FaultyFileSystem counting(counted);
  ASSERT_TRUE(InitTestArchive(counting));
  const std::uint64_t operations = counting.operation_count();
  ASSERT_GT(operations, 15u);
  for (std::uint64_t n = 1; n <= operations; ++n) {
    MemoryFileSystem memory;
    FaultyFileSystem files(memory, {.fail_at = n, .sticky = true});
    const auto made = InitArchive(files, "A", "A.keys", kTestOrigin);
    ASSERT_FALSE(made.has_value()) << n;
    for (const char* path : {"A", "A.keys"}) {
      if (memory.Info(path).has_value()) {
        EXPECT_THAT(made.error().hint, HasSubstr(path)) << n;
      }
    }
    // The last two: rename of the note, and the directory's sync.
    if (n < operations) {
      const auto archive = ArchiveReader::Open(memory, "A");
      ASSERT_FALSE(archive.has_value()) << n;
    }
  }
}

class InitOffHost : public ::testing::Test {
 protected:
  VerificationKey key() const {
    return MakeVerificationKey(identity_.name, identity_.signer.public_key());
  }
  std::string Signed(const std::string& text) const {
    return *SignNote(text, identity_.name, identity_.signer);
  }
  NamedSigner identity_{.name = "log.example.org",
                        .signer = *Ed25519Signer::Generate()};
};

TEST_F(InitOffHost, IsNoArchiveBeforeItsNoteIsSigned) {
  MemoryFileSystem file_system;
  const auto prepared = PrepareInit(file_system, "A", "A.keys", key());
  ASSERT_TRUE(prepared.has_value());
  EXPECT_FALSE(ArchiveReader::Open(file_system, "A").has_value());
  EXPECT_FALSE(file_system.ReadFile("A.keys/identity.key").has_value());
  const auto made =
      FinishInit(file_system, "A", "A.keys", Signed(prepared->note_text));
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(made->genesis, prepared->made.genesis);
  EXPECT_TRUE(ArchiveReader::Open(file_system, "A").has_value());
  EXPECT_FALSE(file_system.ReadFile("A.keys/archive.unsigned").has_value());
}

TEST_F(InitOffHost, IsThePreparedTextAgainForTheSameKeyAlone) {
  MemoryFileSystem file_system;
  const auto prepared = PrepareInit(file_system, "A", "A.keys", key());
  ASSERT_TRUE(prepared.has_value());
  const auto again = PrepareInit(file_system, "A", "A.keys", key());
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->note_text, prepared->note_text);
  const VerificationKey other = MakeVerificationKey(
      identity_.name, Ed25519Signer::Generate()->public_key());
  const auto refused = PrepareInit(file_system, "A", "A.keys", other);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(InitOffHost, EndsInOnePieceWhereverItIsCut) {
  for (std::uint64_t fail_at = 1;; ++fail_at) {
    MemoryFileSystem disk;
    const auto prepared = PrepareInit(disk, "A", "A.keys", key());
    ASSERT_TRUE(prepared.has_value());
    const std::string note = Signed(prepared->note_text);
    FaultyFileSystem faulty(disk, {.fail_at = fail_at, .sticky = true});
    const auto made = FinishInit(faulty, "A", "A.keys", note);
    MemoryFileSystem after = disk.CrashCopy({});
    if (made.has_value()) {
      EXPECT_TRUE(ArchiveReader::Open(after, "A").has_value());
    }
    const auto again = FinishInit(after, "A", "A.keys", note);
    ASSERT_TRUE(again.has_value()) << fail_at << again.error().message;
    EXPECT_TRUE(ArchiveReader::Open(after, "A").has_value());
    if (!faulty.has_failed()) {
      break;
    }
  }
}

TEST_F(InitOffHost, TakesNoNoteOfAnotherTextOrKey) {
  MemoryFileSystem file_system;
  const auto prepared = PrepareInit(file_system, "A", "A.keys", key());
  ASSERT_TRUE(prepared.has_value());
  std::string other = prepared->note_text;
  other.replace(other.find("nonce ") + 6, 4, "AAAA");
  const NamedSigner thief{.name = identity_.name,
                          .signer = *Ed25519Signer::Generate()};
  const std::string stolen =
      *SignNote(prepared->note_text, thief.name, thief.signer);
  const std::string good = Signed(prepared->note_text);
  for (const std::string& note :
       {Signed(other), stolen, std::string(), good.substr(0, good.size() - 1),
        good + good.substr(good.rfind("\xE2\x80\x94"))}) {
    EXPECT_FALSE(FinishInit(file_system, "A", "A.keys", note).has_value());
    EXPECT_FALSE(ArchiveReader::Open(file_system, "A").has_value());
  }
}

}  // namespace
}  // namespace authseal
