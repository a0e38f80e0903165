#include "lib/export/bag_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "tests/support/memory_file_system.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

std::string TextOf(const MemoryFileSystem& files, std::string_view path) {
  const auto bytes = files.ReadFile(path);
  return bytes ? std::string(AsText(*bytes)) : "(none)";
}

std::string HexOf(std::string_view text) {
  return HexEncode(Sha256Of(AsBytes(text)).view());
}

TEST(BagWriter, WritesManifestsInOrderOfPaths) {
  MemoryFileSystem files;
  Result<BagWriter> bag = BagWriter::Create(files, "bag/");
  ASSERT_TRUE(bag) << bag.error().message;
  ASSERT_TRUE(bag->AddPayload("z", "last"));
  ASSERT_TRUE(bag->AddPayload("a", "first"));
  EXPECT_EQ(bag->payload_size_bytes(), 9u);
  EXPECT_EQ(bag->payload_count(), 2u);
  ASSERT_TRUE(bag->AddTag("bagit.txt", "tag"));
  EXPECT_FALSE(files.Info("bag"));
  ASSERT_TRUE(bag->Finish());
  const std::string manifest =
      HexOf("first") + "  data/a\n" + HexOf("last") + "  data/z\n";
  EXPECT_EQ(TextOf(files, "bag/manifest-sha256.txt"), manifest);
  EXPECT_EQ(TextOf(files, "bag/tagmanifest-sha256.txt"),
            HexOf("tag") + "  bagit.txt\n" + HexOf(manifest) +
                "  manifest-sha256.txt\n");
  EXPECT_EQ(TextOf(files, "bag/data/a"), "first");
  EXPECT_FALSE(files.Info("bag.partial"));
}

TEST(BagWriter, IsDurableOnceFinished) {
  MemoryFileSystem files;
  Result<BagWriter> bag = BagWriter::Create(files, "bag");
  ASSERT_TRUE(bag);
  ASSERT_TRUE(bag->AddPayload("a", "first"));
  ASSERT_TRUE(bag->Finish());
  const MemoryFileSystem after = files.CrashCopy({});
  EXPECT_EQ(TextOf(after, "bag/data/a"), "first");
  EXPECT_NE(TextOf(after, "bag/tagmanifest-sha256.txt"), "(none)");
}

TEST(BagWriter, NeverReplacesWhatIsThere) {
  MemoryFileSystem files;
  ASSERT_TRUE(files.WriteFile("file", AsBytes("x")));
  ASSERT_TRUE(files.CreateDirectory("folder", 0700));
  for (const std::string_view path : {"file", "folder", "folder/"}) {
    const Result<BagWriter> bag = BagWriter::Create(files, path);
    ASSERT_FALSE(bag) << path;
    EXPECT_EQ(bag.error().code, ErrorCode::kAlreadyExists);
    EXPECT_THAT(bag.error().message, HasSubstr("already exists"));
  }
}

TEST(BagWriter, RefusesPathsThatNameNothing) {
  MemoryFileSystem files;
  for (const std::string_view path : {"", ".", "..", "/", "missing/bag"}) {
    EXPECT_FALSE(BagWriter::Create(files, path)) << path;
  }
}

TEST(BagWriter, RefusesWhatACrashLeftAndSaysWhatToDo) {
  MemoryFileSystem files;
  {
    Result<BagWriter> bag = BagWriter::Create(files, "bag");
    ASSERT_TRUE(bag);
    ASSERT_TRUE(bag->AddPayload("a", "first"));
  }
  const Result<BagWriter> again = BagWriter::Create(files, "bag");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(again.error().message, HasSubstr("bag.partial is left"));
  EXPECT_THAT(again.error().hint, HasSubstr("remove it"));
  EXPECT_EQ(TextOf(files, "bag.partial/data/a"), "first");
}

TEST(BagWriter, RefusesAPartialNameThatIsAFile) {
  MemoryFileSystem files;
  ASSERT_TRUE(files.WriteFile("bag.partial", AsBytes("mine")));
  EXPECT_FALSE(BagWriter::Create(files, "bag"));
  EXPECT_EQ(TextOf(files, "bag.partial"), "mine");
}

TEST(BagWriter, BeginsAnewAfterDiscard) {
  MemoryFileSystem files;
  Result<BagWriter> bag = BagWriter::Create(files, "bag");
  ASSERT_TRUE(bag);
  ASSERT_TRUE(bag->AddPayload("a", "first"));
  ASSERT_TRUE(bag->AddTag("bagit.txt", "tag"));
  bag->Discard();
  EXPECT_EQ(TextOf(files, "bag.partial/data/a"), "(none)");
  Result<BagWriter> again = BagWriter::Create(files, "bag");
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_TRUE(again->AddPayload("a", "second"));
  ASSERT_TRUE(again->Finish());
  EXPECT_EQ(TextOf(files, "bag/data/a"), "second");
}

// Two exports to one place: the second one must not take the first one's
// files away when it gives up.
TEST(BagWriter, DiscardsOnlyItsOwnFiles) {
  MemoryFileSystem files;
  Result<BagWriter> first = BagWriter::Create(files, "bag");
  Result<BagWriter> second = BagWriter::Create(files, "bag");
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  ASSERT_TRUE(first->AddPayload("a", "first"));
  EXPECT_FALSE(second->AddPayload("a", "second"));
  second->Discard();
  ASSERT_TRUE(first->Finish());
  EXPECT_EQ(TextOf(files, "bag/data/a"), "first");
}

}  // namespace
}  // namespace authseal
