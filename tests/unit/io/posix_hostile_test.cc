// Real files laid out by an enemy: what is no regular file is refused at once,
// nothing outside the directory is reached, and a lock keeps processes apart.
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "lib/io/file_system.h"
#include "tests/support/temporary_directory.h"

namespace authseal {
namespace {

namespace fs = std::filesystem;

class PosixHostile : public ::testing::Test {
 protected:
  PosixHostile() {
    root_ = *PosixFileSystem().OpenDirectory(directory_.path());
  }

  void AddFile(std::string_view name, std::string_view text) {
    ASSERT_TRUE(WriteFileDurably(*root_, name, AsBytes(text), 0600));
  }
  void ExpectRefusedEverywhere(std::string_view name) {
    const auto bad = ErrorCode::kInvalidArgument;
    EXPECT_EQ(root_->OpenRead(name).error().code, bad);
    EXPECT_EQ(
        root_->OpenWrite(name, OpenMode::kAppendExisting, 0600).error().code,
        bad);
    EXPECT_EQ(root_->Overwrite(name, AsBytes("x")).error().code, bad);
    EXPECT_EQ(root_->Lock(name).error().code, bad);
    EXPECT_EQ(root_->OpenDirectory(name).error().code, bad);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<Directory> root_;
};

constexpr int kNoFilter = 77;  // exit status: filters are not allowed here

// Runs `body` in a child process and gives its exit status.
int InChild(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body());
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(PosixHostile, AFifoIsRefusedWithoutWaitingForItsOtherEnd) {
  ASSERT_EQ(::mkfifo(directory_.PathOf("fifo").c_str(), 0600), 0);
  ExpectRefusedEverywhere("fifo");
  EXPECT_EQ(root_->Info("fifo")->type, FileInfo::Type::kOther);
}

TEST_F(PosixHostile, ASocketIsRefused) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(fd, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = directory_.PathOf("socket");
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(
      ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
      0);
  ExpectRefusedEverywhere("socket");
  ::close(fd);
}

TEST_F(PosixHostile, ADeviceIsRefused) {
  const auto devices = PosixFileSystem().OpenDirectory("/dev");
  ASSERT_TRUE(devices.has_value());
  for (const char* name : {"null", "zero"}) {
    const auto file = (*devices)->OpenRead(name);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ((*devices)->Info(name)->type, FileInfo::Type::kOther);
  }
}

TEST_F(PosixHostile, LinksOfEveryKindLeadNowhere) {
  AddFile("file", "x");
  fs::create_directory(directory_.PathOf("inner"));
  fs::create_symlink("file", directory_.PathOf("relative"));
  fs::create_symlink("/etc/passwd", directory_.PathOf("absolute"));
  fs::create_symlink("..", directory_.PathOf("parent"));
  fs::create_symlink("inner", directory_.PathOf("directory"));
  fs::create_symlink("self", directory_.PathOf("self"));
  fs::create_symlink("missing", directory_.PathOf("dangling"));
  fs::create_symlink("/proc/self/cwd", directory_.PathOf("magic"));
  for (const char* name : {"relative", "absolute", "parent", "directory",
                           "self", "dangling", "magic"}) {
    SCOPED_TRACE(name);
    ExpectRefusedEverywhere(name);
  }
  EXPECT_FALSE(fs::exists(directory_.PathOf("missing")))
      << "nothing was created through a link";
}

TEST_F(PosixHostile, TheUsersOwnPathMayGoThroughLinks) {
  fs::create_directory(directory_.PathOf("real"));
  fs::create_symlink("real", directory_.PathOf("link"));
  EXPECT_TRUE(PosixFileSystem().OpenDirectory(directory_.PathOf("link")));
  EXPECT_TRUE(
      PosixFileSystem().CreateDirectory(directory_.PathOf("link/new/"), 0750));
  EXPECT_TRUE(fs::is_directory(directory_.PathOf("real/new")));
  EXPECT_EQ(PosixFileSystem().Info(std::string("/\0etc", 5)).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(PosixFileSystem().OpenDirectory("").error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(PosixHostile, AnOpenDirectoryStaysTheSameWhenItsPathIsSwapped) {
  fs::create_directory(directory_.PathOf("archive"));
  const auto archive =
      PosixFileSystem().OpenDirectory(directory_.PathOf("archive"));
  ASSERT_TRUE(CreateFileDurably(**archive, "f", AsBytes("good"), 0600));
  fs::rename(directory_.PathOf("archive"), directory_.PathOf("moved"));
  fs::create_symlink("/etc", directory_.PathOf("archive"));
  EXPECT_EQ(AsText(*ReadWholeFile(**archive, "f", 100)), "good");
  EXPECT_EQ((*archive)->List()->size(), 1U);
}

// From now on the system call fails with `error_number` in this process, as on
// an old kernel, in a container or on a broken disk.
bool RefuseCall(unsigned call, int error_number) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K,
               SECCOMP_RET_ERRNO | static_cast<unsigned>(error_number)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {
      .len = static_cast<unsigned short>(std::size(filter)), .filter = filter};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST_F(PosixHostile, LinksLeadNowhereWithoutOpenat2Either) {
  AddFile("file", "good");
  fs::create_symlink("file", directory_.PathOf("link"));
  fs::create_symlink("/etc", directory_.PathOf("way"));
  for (const int error_number : {ENOSYS, EPERM}) {
    const int status = InChild([&]() -> int {
      if (!RefuseCall(SYS_openat2, error_number)) {
        return kNoFilter;
      }
      if (!ReadWholeFile(*root_, "file", 100).has_value()) {
        return 1;
      }
      if (!CreateFileDurably(*root_, "new", AsBytes("x"), 0600).has_value()) {
        return 2;
      }
      const auto file = root_->OpenRead("link");
      const auto way = root_->OpenDirectory("way");
      const bool is_refused =
          !file.has_value() && !way.has_value() &&
          file.error().code == ErrorCode::kInvalidArgument &&
          way.error().code == ErrorCode::kInvalidArgument;
      return is_refused && root_->Remove("new").has_value() ? 0 : 3;
    });
    if (status == kNoFilter) {
      GTEST_SKIP() << "system call filters are not allowed here";
    }
    EXPECT_EQ(status, 0) << "openat2 failing with " << error_number;
  }
}

TEST_F(PosixHostile, AFileWhoseSyncFailedIsNotWrittenAgain) {
  const int status = InChild([&]() -> int {
    const auto file = root_->OpenWrite("a", OpenMode::kCreateExclusive, 0600);
    if (!file.has_value() || !(*file)->Append(AsBytes("1")).has_value()) {
      return 1;
    }
    if (!RefuseCall(SYS_fdatasync, EIO)) {
      return kNoFilter;
    }
    const Status sync = (*file)->SyncData();
    if (sync.has_value() || sync.error().code != ErrorCode::kIo) {
      return 2;
    }
    const bool is_refused = !(*file)->Append(AsBytes("2")).has_value() &&
                            !(*file)->Truncate(0).has_value() &&
                            !(*file)->SetMode(0440).has_value();
    if (!is_refused) {
      return 3;
    }
    // A durable write does not report success either.
    return WriteFileDurably(*root_, "b", AsBytes("x"), 0600).has_value() ? 4
                                                                         : 0;
  });
  if (status == kNoFilter) {
    GTEST_SKIP() << "system call filters are not allowed here";
  }
  EXPECT_EQ(status, 0);
  EXPECT_EQ(AsText(*ReadWholeFile(*root_, "a", 100)), "1");
  EXPECT_EQ(*root_->List(), std::vector<std::string>{"a"});
}

TEST_F(PosixHostile, AFailedDirectorySyncIsReported) {
  const int status = InChild([&]() -> int {
    if (!RefuseCall(SYS_fsync, EIO)) {
      return kNoFilter;
    }
    return root_->Sync().has_value() ||
                   WriteFileDurably(*root_, "a", AsBytes("x"), 0600)
                       .has_value() ||
                   PosixFileSystem()
                       .CreateDirectory(directory_.PathOf("d"), 0700)
                       .has_value()
               ? 1
               : 0;
  });
  if (status == kNoFilter) {
    GTEST_SKIP() << "system call filters are not allowed here";
  }
  EXPECT_EQ(status, 0);
}

TEST_F(PosixHostile, ALockKeepsOtherProcessesOutAndDiesWithItsHolder) {
  const auto try_lock = [&]() -> int {
    const auto lock = root_->Lock("lock");
    return lock.has_value() ? 0 : static_cast<int>(lock.error().code);
  };
  {
    const auto held = root_->Lock("lock");
    ASSERT_TRUE(held.has_value());
    EXPECT_EQ(InChild(try_lock), static_cast<int>(ErrorCode::kLocked));
  }
  EXPECT_EQ(InChild(try_lock), 0);
  // The child ends without giving its lock back.
  const auto leak_lock = [&]() -> int {
    auto lock = root_->Lock("lock");
    return lock.has_value() && lock->release() != nullptr ? 0 : 1;
  };
  EXPECT_EQ(InChild(leak_lock), 0);
  EXPECT_TRUE(root_->Lock("lock").has_value());
}

TEST_F(PosixHostile, NoDescriptorIsHandedToOtherPrograms) {
  AddFile("a", "x");
  const auto reader = root_->OpenRead("a");
  const auto writer = root_->OpenWrite("a", OpenMode::kAppendExisting, 0600);
  const auto created = root_->OpenWrite("b", OpenMode::kCreateExclusive, 0600);
  const auto inner =
      PosixFileSystem().CreateDirectory(directory_.PathOf("inner"), 0700);
  const auto lock = root_->Lock("lock");
  int ours = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(entry.path(), gone);
    if (gone || !target.string().starts_with(directory_.path())) {
      continue;
    }
    ++ours;
    const int flags =
        ::fcntl(std::stoi(entry.path().filename().string()), F_GETFD);
    EXPECT_NE(flags & FD_CLOEXEC, 0) << target;
  }
  EXPECT_EQ(ours, 6) << "root, a twice, b, inner, lock";
}

}  // namespace
}  // namespace authseal
