#include "lib/crypto/secret.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

namespace authseal {
namespace {

// The "VmFlags:" line of the mapping that holds `address`.
std::string MappingFlags(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  bool inside = false;
  while (std::getline(maps, line)) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream in(line);
    if (line.find('-') != std::string::npos && line.find(':') > 8 &&
        in >> std::hex >> begin >> dash >> end && dash == '-') {
      inside = begin <= wanted && wanted < end;
    } else if (inside && line.rfind("VmFlags:", 0) == 0) {
      return line;
    }
  }
  return "";
}

TEST(Secret, BeginsAsZerosAndKeepsWhatIsWritten) {
  Secret secret(100);
  EXPECT_TRUE(std::all_of(secret.view().begin(), secret.view().end(),
                          [](std::uint8_t byte) { return byte == 0; }));
  secret.span()[99] = 7;
  EXPECT_EQ(secret.view()[99], 7);
  EXPECT_EQ(secret.view().size(), 100u);
  EXPECT_FALSE(secret.empty());
}

TEST(Secret, OfNoBytesIsEmpty) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret(0).empty());
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
  Secret first(32);
  first.span()[0] = 1;
  const std::uint8_t* const data = first.view().data();
  Secret second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): the contract
  EXPECT_EQ(second.view().data(), data);
  Secret third(64);
  third = std::move(second);
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(third.view().data(), data);
  EXPECT_EQ(third.view().size(), 32u);
  Secret& itself = third;
  third = std::move(itself);
  EXPECT_EQ(third.view()[0], 1);
}

TEST(Secret, StaysOutOfCoreFiles) {
  const Secret secret(32);
  const std::string flags = MappingFlags(secret.view().data());
  if (flags.empty()) {
    GTEST_SKIP() << "no /proc/self/smaps here";
  }
  EXPECT_NE(flags.find(" dd"), std::string::npos) << flags;
}

TEST(Secret, IsLockedWhereTheLimitAllowsIt) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer makes mlock do nothing";
#endif
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
  const Secret secret(32);
  const std::string flags = MappingFlags(secret.view().data());
  if (flags.empty() || limit.rlim_cur < 65536) {
    GTEST_SKIP() << "no /proc/self/smaps, or no memory may be locked";
  }
  EXPECT_NE(flags.find(" lo"), std::string::npos) << flags;
}

TEST(Secret, GivesItsPagesBack) {
  const auto page_size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* address = nullptr;
  {
    Secret secret(page_size);
    address = secret.span().data();
    unsigned char resident = 0;
    ASSERT_EQ(mincore(address, page_size, &resident), 0);
  }
  unsigned char resident = 0;
  EXPECT_EQ(mincore(address, page_size, &resident), -1);
  EXPECT_EQ(errno, ENOMEM);
}

// In a process of its own: the limits cannot be raised again.
TEST(ForbidCoreDumpsDeathTest, LeavesNoWayToACoreFile) {
  EXPECT_EXIT(
      {
        ForbidCoreDumps();
        rlimit limit = {};
        const bool forbidden = getrlimit(RLIMIT_CORE, &limit) == 0 &&
                               limit.rlim_cur == 0 && limit.rlim_max == 0 &&
                               prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
        std::_Exit(forbidden ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace authseal
