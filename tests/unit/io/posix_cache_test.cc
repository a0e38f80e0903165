// Whether DropCache() really makes the next read come from the device: asks the
// kernel which pages of the file it still holds.
#include <algorithm>
#include <fcntl.h>
#include <linux/magic.h>
#include <string>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "lib/io/file_system.h"
#include "tests/support/temporary_directory.h"

namespace authseal {
namespace {

constexpr std::size_t kFewPages = 8;  // of a thousand
constexpr std::size_t kSizeBytes = std::size_t{4} << 20;

bool IsInMemoryOnly(const std::string& path) {
  struct statfs info = {};
  return ::statfs(path.c_str(), &info) != 0 || info.f_type == TMPFS_MAGIC ||
         info.f_type == RAMFS_MAGIC;
}

std::size_t PagesHeld(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_GE(descriptor, 0);
  void* mapped =
      ::mmap(nullptr, kSizeBytes, PROT_READ, MAP_SHARED, descriptor, 0);
  EXPECT_NE(mapped, MAP_FAILED);
  const auto page_size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> held(kSizeBytes / page_size);
  EXPECT_EQ(::mincore(mapped, kSizeBytes, held.data()), 0);
  ::munmap(mapped, kSizeBytes);
  ::close(descriptor);
  return static_cast<std::size_t>(
      std::count_if(held.begin(), held.end(),
                    [](unsigned char page) { return (page & 1) != 0; }));
}

TEST(PosixCache, IsDroppedForWhatWasSynced) {
  const TemporaryDirectory place;
  if (IsInMemoryOnly(place.path())) {
    GTEST_SKIP() << place.path() << " has no device to read from";
  }
  const auto directory = *PosixFileSystem().OpenDirectory(place.path());
  auto file = directory->OpenWrite("f", OpenMode::kCreateExclusive, 0600);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE((*file)->Append(ByteVector(kSizeBytes, 0x5A)).has_value());
  ASSERT_TRUE((*file)->SyncData().has_value());
  const std::string path = std::string(place.path()) + "/f";
  ASSERT_GT(PagesHeld(path), 0u) << "nothing to see here";
  const auto reader = directory->OpenRead("f");
  ASSERT_TRUE(reader.has_value());
  ASSERT_TRUE((*reader)->DropCache().has_value());
  // All, but for what another core may be about to let go.
  EXPECT_LE(PagesHeld(path), kFewPages);
}

// Only a hint, also where it makes no sense.
TEST(PosixCache, AskedForAheadReadsTheSame) {
  const TemporaryDirectory place;
  const auto directory = *PosixFileSystem().OpenDirectory(place.path());
  const ByteVector bytes = {1, 2, 3};
  ASSERT_TRUE(WriteFileDurably(*directory, "f", bytes, 0600).has_value());
  const auto reader = directory->OpenRead("f");
  ASSERT_TRUE(reader.has_value());
  for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{1} << 40,
                                 std::uint64_t{1} << 63, UINT64_MAX}) {
    (*reader)->WillRead(at, 2);
    (*reader)->WillRead(1, at);
    (*reader)->WillRead(at, at);
  }
  EXPECT_EQ(*ReadWholeFile(*directory, "f", 10), bytes);
}

}  // namespace
}  // namespace authseal
