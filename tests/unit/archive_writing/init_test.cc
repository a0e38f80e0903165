// InitArchive: what it makes, what it refuses, what it leaves on failure.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/base/encoding.h"
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

}  // namespace
}  // namespace authseal
