// Full copies of a host, keys included, taken before every operation of a
// writer's life, and what a power cut at that moment would leave.
#ifndef AUTHSEAL_TESTS_ATTACK_HOST_COPIES_H_
#define AUTHSEAL_TESTS_ATTACK_HOST_COPIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/attack/victim.h"
#include "tests/support/memory_file_system.h"

namespace authseal {

struct HostCopy {
  std::string moment;  // "117, before overwrite epoch.key, after a power cut"
  MemoryFileSystem files;
};

struct HostRun {
  std::vector<HostCopy> copies;
  std::vector<SignerPointer> epoch_keys;  // every one there was, by epoch
  SignerPointer identity;
  Pin pin;
};

// Init, commits, seals with and without records, a restart; see
// tests/crash/writer_script.h.
HostRun RunHost();

// Which of the run's epoch keys occur in any file of the copy, in any of the
// ways a key may be written down.
std::vector<SignerPointer> KeysIn(const HostRun& run, const HostCopy& copy);

// Below A/, by path.
ArchiveFiles ArchiveIn(const HostCopy& copy);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_HOST_COPIES_H_
