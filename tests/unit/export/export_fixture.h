// Archives in memory and what export makes of them.
#ifndef AUTHSEAL_TESTS_UNIT_EXPORT_EXPORT_FIXTURE_H_
#define AUTHSEAL_TESTS_UNIT_EXPORT_EXPORT_FIXTURE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/export/bundle_writer.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {

inline constexpr std::string_view kOut = "out";

// Commits `count` records in blocks of at most `block_records`; each names its
// number: {"n":12,"user":"u2"}.
void CommitNumbered(TestArchive& archive, std::uint64_t count,
                    std::uint64_t block_records);

// The lines of a file; empty when it is not there.
std::vector<std::string> LinesOf(const MemoryFileSystem& files,
                                 std::string_view path);

struct ExportCall {
  EventFilter filter = {};
  std::string out = std::string(kOut);
  unsigned threads = 1;
};
// Reads and writes through `files`.
Result<BundleResult> Export(FileSystem& files, const Pin& pin,
                            const ExportCall& call = {});
inline Result<BundleResult> Export(TestArchive& archive,
                                   const ExportCall& call = {}) {
  return Export(archive.file_system(), archive.pin(), call);
}

// Findings' names of the bundle at kOut; "verified" when there are none.
std::string VerdictOf(FileSystem& files, const Pin& pin);

// Conditions on /user.
EventFilter UserIs(std::string_view user);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_EXPORT_EXPORT_FIXTURE_H_
