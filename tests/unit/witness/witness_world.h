// A log with a known tree, and a witness with a store in memory.
#ifndef AUTHSEAL_TESTS_UNIT_WITNESS_WITNESS_WORLD_H_
#define AUTHSEAL_TESTS_UNIT_WITNESS_WITNESS_WORLD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/note/cosignature_signer.h"
#include "lib/witness/witness.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"

namespace authseal {

inline constexpr std::string_view kLogOrigin = "log.example/a";

NamedSigner MakeSigner(std::string_view name, std::uint8_t seed);
VerificationKey LogKeyOf(const NamedSigner& signer);
WitnessKey WitnessKeyOf(const NamedSigner& signer);

// The tree over "record 0", "record 1", …, or one that parts from it at
// record `fork_at`.
class SampleLog {
 public:
  explicit SampleLog(std::uint8_t seed = 1,
                     std::string_view origin = kLogOrigin);

  void ForkAt(std::uint64_t record) { fork_at_ = record; }
  Checkpoint At(std::uint64_t size) const;
  std::string Note(std::uint64_t size) const;  // signed
  std::vector<Hash> Proof(std::uint64_t old_size, std::uint64_t size) const;
  AddCheckpoint Request(std::uint64_t old_size, std::uint64_t size) const;
  const NamedSigner& signer() const { return signer_; }
  VerificationKey key() const { return LogKeyOf(signer_); }

 private:
  std::vector<Hash> LeavesOf(std::uint64_t size) const;
  NamedSigner signer_;
  std::uint64_t fork_at_ = UINT64_MAX;
};

class WitnessWorld {
 public:
  explicit WitnessWorld(std::vector<VerificationKey> logs);

  // What a restart brings: the store as it is on `files`.
  void Restart(FileSystem& files);
  ServedResponse Post(const AddCheckpoint& request);
  ServedResponse PostBody(std::string body);
  ServedResponse Get(std::string_view path);
  // Of the log at kLogOrigin; 0 when nothing was cosigned.
  std::uint64_t StoredSize();

  MemoryFileSystem& files() { return files_; }
  const NamedSigner& signer() const { return signer_; }
  WitnessKey key() const { return WitnessKeyOf(signer_); }
  ManualClock& clock() { return clock_; }
  std::vector<std::string>& reports() { return reports_; }

 private:
  std::vector<VerificationKey> logs_;
  NamedSigner signer_;
  MemoryFileSystem files_;
  ManualClock clock_;
  std::vector<std::string> reports_;
  std::unique_ptr<WitnessStore> store_;
  std::unique_ptr<Witness> witness_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_WITNESS_WITNESS_WORLD_H_
