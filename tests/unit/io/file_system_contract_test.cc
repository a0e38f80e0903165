// What every FileSystem and Directory promises about names.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/io/file_system_world.h"

namespace authseal {
namespace {

const std::string kBadNames[] = {"",
                                 ".",
                                 "..",
                                 "/",
                                 "a/b",
                                 "/etc",
                                 "../outside",
                                 "a/",
                                 "./a",
                                 std::string("a\0b", 3),
                                 std::string("\0", 1),
                                 std::string(256, 'x')};

template <typename T>
ErrorCode CodeOf(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result.has_value() ? ErrorCode::kInternal : result.error().code;
}

TEST_P(FileSystemContract, RefusesEveryNameThatIsNotOneComponent) {
  AddFile("a", "x");
  const auto bad = ErrorCode::kInvalidArgument;
  for (const std::string& name : kBadNames) {
    SCOPED_TRACE(name);
    EXPECT_EQ(CodeOf(root_->OpenRead(name)), bad);
    EXPECT_EQ(CodeOf(root_->OpenWrite(name, OpenMode::kCreateExclusive, 0600)),
              bad);
    EXPECT_EQ(CodeOf(root_->OpenWrite(name, OpenMode::kAppendExisting, 0600)),
              bad);
    EXPECT_EQ(CodeOf(root_->OpenDirectory(name)), bad);
    EXPECT_EQ(CodeOf(root_->MakeDirectory(name, 0700)), bad);
    EXPECT_EQ(CodeOf(root_->Rename(name, "b")), bad);
    EXPECT_EQ(CodeOf(root_->Rename("a", name)), bad);
    EXPECT_EQ(CodeOf(root_->Remove(name)), bad);
    EXPECT_EQ(CodeOf(root_->Info(name)), bad);
    EXPECT_EQ(CodeOf(root_->Lock(name)), bad);
    EXPECT_EQ(CodeOf(root_->Overwrite(name, AsBytes("y"))), bad);
    EXPECT_EQ(CodeOf(WriteFileDurably(*root_, name, AsBytes("y"), 0600)), bad);
    EXPECT_EQ(CodeOf(CreateFileDurably(*root_, name, AsBytes("y"), 0600)), bad);
  }
  EXPECT_EQ(*root_->List(), std::vector<std::string>{"a"});
}

TEST_P(FileSystemContract, AcceptsEveryOtherName) {
  const std::string kNames[] = {
      "...",      "-rf",      " ",           "a\nb",
      "\x1b[31m", "\xff\xfe", "back\\slash", std::string(255, 'x')};
  for (const std::string& name : kNames) {
    AddFile(name, name);
    EXPECT_EQ(TextOf(name), name);
  }
  EXPECT_EQ(root_->List()->size(), std::size(kNames));
}

TEST_P(FileSystemContract, NeverFollowsASymbolicLink) {
  AddFile("target", "secret");
  ASSERT_TRUE(root_->MakeDirectory("directory", 0700).has_value());
  world_->AddSymbolicLink("link", "target");
  world_->AddSymbolicLink("way", "directory");
  const auto bad = ErrorCode::kInvalidArgument;
  EXPECT_EQ(CodeOf(root_->OpenRead("link")), bad);
  EXPECT_EQ(CodeOf(root_->OpenWrite("link", OpenMode::kAppendExisting, 0600)),
            bad);
  EXPECT_EQ(CodeOf(root_->OpenWrite("link", OpenMode::kCreateExclusive, 0600)),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(root_->Lock("link")), bad);
  EXPECT_EQ(CodeOf(root_->Overwrite("link", AsBytes("public"))), bad);
  EXPECT_EQ(CodeOf(root_->OpenDirectory("way")), bad);
  EXPECT_EQ(CodeOf(root_->MakeDirectory("way", 0700)),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(root_->Info("link")->type, FileInfo::Type::kOther);
  EXPECT_EQ(CodeOf(CreateFileDurably(*root_, "link", {}, 0600)),
            ErrorCode::kAlreadyExists);
  // Replacing and removing act on the link.
  EXPECT_TRUE(WriteFileDurably(*root_, "link", AsBytes("new"), 0600));
  EXPECT_EQ(TextOf("link"), "new");
  EXPECT_TRUE(root_->Remove("way").has_value());
  EXPECT_EQ(TextOf("target"), "secret");
  EXPECT_TRUE(root_->OpenDirectory("directory").has_value());
}

TEST_P(FileSystemContract, ListsNamesSortedByByteValue) {
  std::vector<std::string> names = {"b",  "a",   "B",        "10", "9",
                                    "aa", "a b", "\xc3\xa4", "-",  ".hidden"};
  for (const std::string& name : names) {
    AddFile(name, "");
  }
  ASSERT_TRUE(root_->MakeDirectory("c", 0700).has_value());
  names.emplace_back("c");
  std::sort(names.begin(), names.end());
  EXPECT_EQ(*root_->List(), names);
  EXPECT_EQ(*root_->List(), names) << "a second time from the start";
}

TEST_P(FileSystemContract, ListsWhatEachEntryIsAndFollowsNoLink) {
  AddFile("b", "");
  ASSERT_TRUE(root_->MakeDirectory("a", 0700).has_value());
  world_->AddSymbolicLink("link", "b");
  world_->AddSymbolicLink("nowhere", "none");
  using Type = FileInfo::Type;
  const std::vector<DirectoryEntry> expected = {{"a", Type::kDirectory},
                                                {"b", Type::kRegular},
                                                {"link", Type::kOther},
                                                {"nowhere", Type::kOther}};
  EXPECT_EQ(*root_->ListEntries(), expected);
}

TEST_P(FileSystemContract, RenameReplacesAFileWholly) {
  AddFile("old", "old text");
  AddFile("new", "new");
  const auto reader = root_->OpenRead("old");
  ASSERT_TRUE(root_->Rename("new", "old").has_value());
  EXPECT_EQ(TextOf("old"), "new");
  EXPECT_EQ(*root_->List(), std::vector<std::string>{"old"});
  // Whoever had it open keeps what it opened.
  EXPECT_EQ((*reader)->Info()->size_bytes, 8U);
  EXPECT_EQ(CodeOf(root_->Rename("new", "other")), ErrorCode::kNotFound);
  EXPECT_TRUE(root_->Rename("old", "old").has_value());
  EXPECT_EQ(TextOf("old"), "new");
}

TEST_P(FileSystemContract, RenameDoesNotReplaceADirectoryByAFile) {
  AddFile("file", "x");
  ASSERT_TRUE(root_->MakeDirectory("directory", 0700).has_value());
  EXPECT_EQ(CodeOf(root_->Rename("file", "directory")),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(root_->Rename("directory", "file")),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(TextOf("file"), "x");
}

TEST_P(FileSystemContract, RemovesFilesOnly) {
  AddFile("file", "text");
  ASSERT_TRUE(root_->MakeDirectory("directory", 0700).has_value());
  const auto reader = root_->OpenRead("file");
  EXPECT_TRUE(root_->Remove("file").has_value());
  EXPECT_EQ(CodeOf(root_->Info("file")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(root_->OpenRead("file")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(root_->Remove("file")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(root_->Remove("directory")), ErrorCode::kInvalidArgument);
  EXPECT_EQ((*reader)->Info()->size_bytes, 4U);
}

TEST_P(FileSystemContract, DirectoriesNestAndKeepTheirNames) {
  ASSERT_TRUE(root_->MakeDirectory("inner", 0750).has_value());
  EXPECT_EQ(CodeOf(root_->MakeDirectory("inner", 0750)),
            ErrorCode::kAlreadyExists);
  const auto inner = root_->OpenDirectory("inner");
  ASSERT_TRUE(inner.has_value());
  EXPECT_TRUE((*inner)->List()->empty());
  EXPECT_TRUE(
      (*inner)->OpenWrite("x", OpenMode::kCreateExclusive, 0600).has_value());
  EXPECT_EQ((*inner)->SelfInfo()->type, FileInfo::Type::kDirectory);
  EXPECT_EQ((*inner)->SelfInfo()->mode, 0750U);
  EXPECT_TRUE((*inner)->Sync().has_value());
  AddFile("file", "");
  EXPECT_EQ(CodeOf(root_->OpenDirectory("file")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(root_->OpenDirectory("missing")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(root_->OpenRead("inner")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(root_->OpenWrite("inner", OpenMode::kAppendExisting, 0600)),
            ErrorCode::kInvalidArgument);
}

TEST_P(FileSystemContract, PathsOpenCreateAndInform) {
  EXPECT_EQ(CodeOf(file_system().OpenDirectory(PathOf("new"))),
            ErrorCode::kNotFound);
  const auto created = file_system().CreateDirectory(PathOf("new"), 0750);
  ASSERT_TRUE(created.has_value());
  EXPECT_EQ((*created)->SelfInfo()->mode, 0750U);
  EXPECT_EQ(CodeOf(file_system().CreateDirectory(PathOf("new"), 0750)),
            ErrorCode::kAlreadyExists);
  EXPECT_TRUE(file_system().CreateDirectory(PathOf("new/sub/"), 0700));
  EXPECT_EQ(CodeOf(file_system().CreateDirectory(PathOf("no/sub"), 0700)),
            ErrorCode::kNotFound);
  AddFile("file", "12345");
  EXPECT_EQ(file_system().Info(PathOf("file"))->size_bytes, 5U);
  EXPECT_EQ(file_system().Info(PathOf("new"))->type,
            FileInfo::Type::kDirectory);
  EXPECT_EQ(CodeOf(file_system().Info(PathOf("none"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(file_system().OpenDirectory(PathOf("file"))),
            ErrorCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(, FileSystemContract,
                         ::testing::Values("Posix", "Memory", "Faultless"),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace authseal
