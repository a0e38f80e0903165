// The operating system refusing: what it says, which code it becomes, and
// what is left behind.
#include <csignal>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "lib/io/file_system.h"
#include "lib/io/posix_descriptor.h"
#include "tests/support/temporary_directory.h"

namespace authseal {
namespace {

TEST(ErrnoError, GivesEachErrnoTheCodeACallerCanActOn) {
  const struct {
    int error_number;
    ErrorCode code;
    bool has_hint;
  } kCases[] = {
      {ENOENT, ErrorCode::kNotFound, false},
      {EEXIST, ErrorCode::kAlreadyExists, false},
      {EAGAIN, ErrorCode::kTemporary, false},
      {ENOMEM, ErrorCode::kTemporary, false},
      {EMFILE, ErrorCode::kTemporary, true},
      {ENFILE, ErrorCode::kTemporary, true},
      {ENOSPC, ErrorCode::kIo, true},
      {EDQUOT, ErrorCode::kIo, true},
      {EFBIG, ErrorCode::kIo, true},
      {EIO, ErrorCode::kIo, true},
      {EROFS, ErrorCode::kIo, true},
      {EACCES, ErrorCode::kIo, true},
      {EPERM, ErrorCode::kIo, true},
      {ESTALE, ErrorCode::kIo, false},
      {ELOOP, ErrorCode::kInvalidArgument, true},
      {EISDIR, ErrorCode::kInvalidArgument, false},
      {ENOTDIR, ErrorCode::kInvalidArgument, false},
      {EXDEV, ErrorCode::kInvalidArgument, false},
      {ENXIO, ErrorCode::kInvalidArgument, false},
  };
  for (const auto& c : kCases) {
    const Error error = ErrnoError(c.error_number, "write", "x");
    EXPECT_EQ(error.code, c.code) << error.message;
    EXPECT_EQ(!error.hint.empty(), c.has_hint) << error.message;
  }
  EXPECT_EQ(ErrnoError(ENOSPC, "write", "a.zst").message,
            "write a.zst: no space left on device");
}

// Sets a limit of this process for as long as it lives.
class ScopedLimit {
 public:
  ScopedLimit(__rlimit_resource resource, rlim_t soft) : resource_(resource) {
    EXPECT_EQ(::getrlimit(resource_, &before_), 0);
    rlimit now = before_;
    now.rlim_cur = soft;
    EXPECT_EQ(::setrlimit(resource_, &now), 0);
  }
  ScopedLimit(const ScopedLimit&) = delete;
  ScopedLimit& operator=(const ScopedLimit&) = delete;
  ~ScopedLimit() { EXPECT_EQ(::setrlimit(resource_, &before_), 0); }

 private:
  __rlimit_resource resource_;
  rlimit before_ = {};
};

class ScopedUmask {
 public:
  explicit ScopedUmask(mode_t mask) : before_(::umask(mask)) {}
  ScopedUmask(const ScopedUmask&) = delete;
  ScopedUmask& operator=(const ScopedUmask&) = delete;
  ~ScopedUmask() { ::umask(before_); }

 private:
  mode_t before_;
};

class PosixLimits : public ::testing::Test {
 protected:
  PosixLimits() { root_ = *PosixFileSystem().OpenDirectory(directory_.path()); }

  TemporaryDirectory directory_;
  std::unique_ptr<Directory> root_;
};

TEST_F(PosixLimits, AFailedAppendCountsWhatWentThroughAndCanBeCutBack) {
  constexpr std::size_t kLimitBytes = 10'000;
  const auto file = root_->OpenWrite("a", OpenMode::kCreateExclusive, 0600);
  ASSERT_TRUE((*file)->Append(AsBytes("head")).has_value());
  const auto before = ::signal(SIGXFSZ, SIG_IGN);
  {
    const ScopedLimit limit(RLIMIT_FSIZE, kLimitBytes);
    // The first write is short, the second fails.
    const Status status = (*file)->Append(ByteVector(kLimitBytes, 'x'));
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::kIo);
    EXPECT_FALSE(status.error().hint.empty());
  }
  ::signal(SIGXFSZ, before);
  EXPECT_EQ((*file)->size_bytes(), kLimitBytes);
  EXPECT_EQ(root_->Info("a")->size_bytes, kLimitBytes);
  ASSERT_TRUE((*file)->Truncate(4).has_value());
  ASSERT_TRUE((*file)->Append(AsBytes("+tail")).has_value());
  EXPECT_EQ(AsText(*ReadWholeFile(*root_, "a", 100)), "head+tail");
}

TEST_F(PosixLimits, AFailedDurableWriteLeavesTheOldFileAlone) {
  ASSERT_TRUE(WriteFileDurably(*root_, "a", AsBytes("old"), 0600));
  const auto before = ::signal(SIGXFSZ, SIG_IGN);
  {
    const ScopedLimit limit(RLIMIT_FSIZE, 1000);
    EXPECT_FALSE(WriteFileDurably(*root_, "a", ByteVector(5000, 'x'), 0600));
  }
  ::signal(SIGXFSZ, before);
  EXPECT_EQ(AsText(*ReadWholeFile(*root_, "a", 100)), "old");
  EXPECT_EQ(*root_->List(), std::vector<std::string>{"a"});
}

TEST_F(PosixLimits, RunningOutOfDescriptorsIsTemporary) {
  ASSERT_TRUE(WriteFileDurably(*root_, "a", AsBytes("x"), 0600));
  {
    const ScopedLimit limit(RLIMIT_NOFILE, 0);
    EXPECT_EQ(root_->OpenRead("a").error().code, ErrorCode::kTemporary);
    EXPECT_EQ(root_->List().error().code, ErrorCode::kTemporary);
    EXPECT_EQ(root_->Lock("lock").error().code, ErrorCode::kTemporary);
    EXPECT_EQ(PosixFileSystem().OpenDirectory(".").error().code,
              ErrorCode::kTemporary);
  }
  EXPECT_TRUE(root_->OpenRead("a").has_value());
}

TEST_F(PosixLimits, TheUmaskChangesNoModeThatWasAskedFor) {
  for (const mode_t mask : {0000U, 0022U, 0077U}) {
    const ScopedUmask scoped(mask);
    const std::string suffix = std::to_string(mask);
    for (const std::uint32_t mode : {0600U, 0644U, 0440U}) {
      const std::string name = std::to_string(mode) + "-" + suffix;
      ASSERT_TRUE(WriteFileDurably(*root_, name, AsBytes("x"), mode));
      EXPECT_EQ(root_->Info(name)->mode, mode) << mask;
    }
    ASSERT_TRUE(root_->MakeDirectory("d" + suffix, 0750).has_value());
    EXPECT_EQ(root_->Info("d" + suffix)->mode, 0750U);
    const auto created = PosixFileSystem().CreateDirectory(
        directory_.PathOf("p" + suffix), 0755);
    EXPECT_EQ((*created)->SelfInfo()->mode, 0755U);
    ASSERT_TRUE(root_->Lock("l" + suffix).has_value());
    EXPECT_EQ(root_->Info("l" + suffix)->mode, 0600U);
  }
}

TEST_F(PosixLimits, PermissionDeniedIsAnErrorWithAHintAndNoAbsence) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "nothing is denied to root";
  }
  ASSERT_TRUE(WriteFileDurably(*root_, "a", AsBytes("x"), 0000));
  const auto file = root_->OpenRead("a");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ErrorCode::kIo);
  EXPECT_FALSE(file.error().hint.empty());
}

TEST_F(PosixLimits, ASparseFileIsMeasuredBeforeItIsRead) {
  constexpr off_t kSizeBytes = off_t{1} << 40;
  ASSERT_TRUE(WriteFileDurably(*root_, "a", {}, 0600));
  if (::truncate(directory_.PathOf("a").c_str(), kSizeBytes) != 0) {
    GTEST_SKIP() << "no sparse file of this size here";
  }
  const auto whole = ReadWholeFile(*root_, "a", 65'536);
  ASSERT_FALSE(whole.has_value());
  EXPECT_EQ(whole.error().code, ErrorCode::kDamaged);
}

}  // namespace
}  // namespace authseal
