// Builds archives in a file system, and reads them back with every check that
// the readers allow.
#ifndef AUTHSEAL_TESTS_UNIT_ARCHIVE_WRITING_ARCHIVE_FIXTURE_H_
#define AUTHSEAL_TESTS_UNIT_ARCHIVE_WRITING_ARCHIVE_FIXTURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_writer.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

inline constexpr std::string_view kTestArchive = "A";
inline constexpr std::string_view kTestKeys = "A.keys";
inline constexpr std::string_view kTestOrigin = "log.example.org";

// `count` bytes of `name` from `begin_bytes` on, that gave all the records.
SourceRange MakeSource(std::string_view name, std::uint64_t begin_bytes,
                       std::uint64_t end_bytes, std::uint32_t record_count);
BlockDraft MakeDraft(const std::vector<std::string>& records);
// CHECKs that the block can be built.
EncodedBlock MakeBlock(std::uint64_t first_record,
                       const std::vector<std::string>& records,
                       std::vector<SourceRange> sources = {});

Status InitTestArchive(FileSystem& file_system);
Result<ArchiveWriter> OpenTestArchive(FileSystem& file_system,
                                      const Clock& clock,
                                      ArchiveWriter::Options options = {});
// One commit of one block.
Status CommitRecords(ArchiveWriter& writer,
                     const std::vector<std::string>& records,
                     std::vector<SourceRange> sources = {});

struct CheckedArchive {
  std::vector<std::string> records;  // all of them, in order
  std::vector<BlockHeader> headers;
  std::vector<SegmentFooter> footers;
  std::vector<std::uint64_t> checkpoints;
  Hash root;  // of all records
  std::uint64_t sealed_end = 0;
  // Without the seal records.
  std::vector<std::string> delivered() const;
};

// Reads everything and checks it as authseal-format(5), VERIFICATION, has it.
// The error names the first thing that is wrong.
Result<CheckedArchive> ReadAndCheck(FileSystem& file_system);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_ARCHIVE_WRITING_ARCHIVE_FIXTURE_H_
