// A writer's life in short: init, commits, seals, merges, a clean end and a
// new start. Run over a file system that stops it somewhere.
#ifndef AUTHSEAL_TESTS_CRASH_WRITER_SCRIPT_H_
#define AUTHSEAL_TESTS_CRASH_WRITER_SCRIPT_H_

#include <string>
#include <vector>

#include "lib/archive/archive_writer.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"
#include "tests/support/memory_file_system.h"

namespace authseal {

// What the script was told by the calls that succeeded.
struct Acknowledged {
  std::vector<std::string> records;
  std::vector<ByteVector> destroyed_keys;  // epoch.key before each seal
  bool finished = false;
  Error error;  // when not
};

// All records of the script, in order.
const std::vector<std::string>& ScriptRecords();

// Stops at the first error. `memory`: what `files` wraps.
Acknowledged RunScript(FileSystem& files, const MemoryFileSystem& memory,
                       const Clock& clock);

// As the script opens it.
Result<ArchiveWriter> OpenScriptArchive(FileSystem& files, const Clock& clock,
                                        SegmentIndexer& indexer);

// Lists the sizes of records.
class SizeIndexer : public SegmentIndexer {
 public:
  void BeginSegment() override;
  Status AddBlock(const BlockHeader& header,
                  const std::vector<std::string_view>& records) override;
  Result<Index> Finish() override;

 private:
  Index index_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_CRASH_WRITER_SCRIPT_H_
