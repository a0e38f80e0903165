// What the process's own memory still holds of a key once it was used.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "lib/crypto/ed25519_signer.h"
#include "lib/crypto/secret.h"

namespace authseal {
namespace {

constexpr std::size_t kSeedSizeBytes = 32;

struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool locked_and_left_out = false;
};

std::vector<Mapping> ReadableMappings() {
  std::vector<Mapping> mappings;
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  bool readable = false;
  while (std::getline(maps, line)) {
    Mapping mapping;
    char dash = 0;
    std::string access;
    std::istringstream in(line);
    if (line.find(':') > 8 &&
        in >> std::hex >> mapping.begin >> dash >> mapping.end >> access &&
        dash == '-') {
      readable = access.starts_with("rw");
      if (readable) {
        mappings.push_back(mapping);
      }
    } else if (readable && line.starts_with("VmFlags:")) {
      mappings.back().locked_and_left_out =
          line.find(" lo") != std::string::npos &&
          line.find(" dd") != std::string::npos;
    }
  }
  return mappings;
}

// The seed is known only as its complement, so that this test's own memory is
// not what is found.
struct Complement {
  std::uint8_t bytes[kSeedSizeBytes];
};

// How many writable mappings hold the seed: all of them, and those from which
// it may reach a core file or swap.
struct Places {
  int all = 0;
  int unguarded = 0;
};

Places FindSeed(const Complement& complement) {
  Places places;
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  for (const Mapping& mapping : ReadableMappings()) {
    // Read into a mapping of its own, searched, and gone before the next.
    const std::size_t size_bytes = mapping.end - mapping.begin;
    void* const copy = mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (copy == MAP_FAILED) {
      continue;
    }
    const ssize_t count =
        pread(memory, copy, size_bytes, static_cast<off_t>(mapping.begin));
    const auto* const bytes = static_cast<const std::uint8_t*>(copy);
    for (ssize_t at = 0; at + static_cast<ssize_t>(kSeedSizeBytes) <= count;
         ++at) {
      if (std::equal(bytes + at, bytes + at + kSeedSizeBytes, complement.bytes,
                     [](std::uint8_t here, std::uint8_t other) {
                       return here == static_cast<std::uint8_t>(~other);
                     })) {
        ++places.all;
        places.unguarded += mapping.locked_and_left_out ? 0 : 1;
        break;
      }
    }
    munmap(copy, size_bytes);
  }
  close(memory);
  return places;
}

Complement ComplementOf(const Ed25519Signer& signer) {
  Complement complement = {};
  std::transform(
      signer.seed().begin(), signer.seed().end(), complement.bytes,
      [](std::uint8_t byte) { return static_cast<std::uint8_t>(~byte); });
  return complement;
}

bool CanLook() {
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory >= 0) {
    close(memory);
  }
  return memory >= 0 && !ReadableMappings().empty();
}

TEST(SecretMemory, HoldsAKeyInGuardedMemoryOnlyAndNothingAfterIt) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP()
      << "the sanitizer makes mlock do nothing, and keeps freed memory";
#endif
  if (!CanLook()) {
    GTEST_SKIP() << "/proc/self/mem cannot be read";
  }
  Complement complement = {};
  {
    const auto signer = Ed25519Signer::Generate();
    ASSERT_TRUE(signer.has_value());
    complement = ComplementOf(*signer);
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(signer->Sign(AsBytes("message")).has_value());
    }
    const Places places = FindSeed(complement);
    EXPECT_EQ(places.all, 1);
    EXPECT_EQ(places.unguarded, 0);
  }
  EXPECT_EQ(FindSeed(complement).all, 0);
}

TEST(SecretMemory, IsSearchedWhereACarelessCopyLies) {
  if (!CanLook()) {
    GTEST_SKIP() << "/proc/self/mem cannot be read";
  }
  const auto signer = Ed25519Signer::Generate();
  ASSERT_TRUE(signer.has_value());
  const Complement complement = ComplementOf(*signer);
  const std::string careless(AsText(signer->seed()));
  const Places places = FindSeed(complement);
  EXPECT_GE(places.unguarded, 1) << careless.size();
}

}  // namespace
}  // namespace authseal
