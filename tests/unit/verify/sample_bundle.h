// An evidence bundle made by hand, for tests that change it.
#ifndef AUTHSEAL_TESTS_UNIT_VERIFY_SAMPLE_BUNDLE_H_
#define AUTHSEAL_TESTS_UNIT_VERIFY_SAMPLE_BUNDLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"
#include "lib/verify/report.h"
#include "tests/support/memory_file_system.h"

namespace authseal {

inline constexpr std::string_view kBundleOrigin = "logs.example";

// A log of twelve records in three epochs, [0, 4) [4, 9) [9, 12), the last of
// each its seal record.
struct SampleLog {
  std::vector<std::string> records;
  std::vector<std::uint64_t> seals;  // record numbers of the seal records
  std::string archive_note;
  Checkpoint checkpoint;
  std::string checkpoint_note;
  VerificationKey key;
  Hash genesis;

  Pin pin() const { return {key, genesis}; }
  std::vector<Hash> ProofOf(std::uint64_t index) const;
  std::string ProofLineOf(std::uint64_t index) const;  // with LF
  std::string EpochLineOf(std::uint64_t seal) const;   // with LF
};

// Always the same bytes. `identity` chooses the identity key.
SampleLog MakeSampleLog(std::uint8_t identity = 1);

// The note that the log's identity key makes of `text`.
std::string SignAs(std::uint8_t identity, std::string_view name,
                   std::string_view text);

struct SampleBundle {
  std::map<std::string, std::string> files;  // by path below the bundle

  void RemakeManifests();  // as an attacker would
  void RemakeTagManifest();
  void WriteTo(MemoryFileSystem& file_system, std::string_view path) const;
};

// Holds the records named, and the epochs they are in.
SampleBundle MakeSampleBundle(const SampleLog& log,
                              const std::vector<std::uint64_t>& indices);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_VERIFY_SAMPLE_BUNDLE_H_
