#include "tests/crash/writer_script.h"

#include <utility>

#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

class Script {
 public:
  Script(FileSystem& files, const MemoryFileSystem& memory, const Clock& clock,
         Acknowledged& told)
      : files_(files), memory_(memory), clock_(clock), told_(told) {}

  Status Run() {
    TRY(InitTestArchive(files_));
    {
      TRY_ASSIGN(ArchiveWriter writer, Open());
      TRY(Commit(writer, 1));
      TRY(Commit(writer, 2));
      TRY(Commit(writer, 1));
      TRY(Seal(writer));  // merges three blocks
      TRY(Commit(writer, 1));
      TRY(Commit(writer, 2));
      TRY(writer.Close());
    }
    TRY_ASSIGN(ArchiveWriter writer, Open());
    TRY(Seal(writer));  // merges what was resumed
    TRY(Seal(writer));  // empty
    TRY(Commit(writer, 3));
    return writer.Close();
  }

 private:
  Result<ArchiveWriter> Open() {
    return OpenScriptArchive(files_, clock_, indexer_);
  }

  Status Commit(ArchiveWriter& writer, std::size_t block_count) {
    std::vector<EncodedBlock> blocks;
    std::vector<std::string> records;
    for (std::size_t i = 0; i < block_count; ++i) {
      const std::size_t number = told_.records.size() + i;
      records.push_back(ScriptRecords()[number]);
      blocks.push_back(
          MakeBlock(writer.next_record() + i, {records.back()},
                    {MakeSource("source", number, number + 1, 1)}));
    }
    TRY_ASSIGN(const std::uint64_t stored_bytes, writer.Commit(blocks));
    static_cast<void>(stored_bytes);
    told_.records.insert(told_.records.end(), records.begin(), records.end());
    return Ok();
  }

  Status Seal(ArchiveWriter& writer) {
    const auto key = memory_.ReadFile("A.keys/epoch.key");
    TRY_ASSIGN(const SealResult sealed, writer.Seal());
    static_cast<void>(sealed);
    told_.destroyed_keys.push_back(key.value_or(ByteVector()));
    return Ok();
  }

  FileSystem& files_;
  const MemoryFileSystem& memory_;
  const Clock& clock_;
  Acknowledged& told_;
  SizeIndexer indexer_;
};

}  // namespace

void SizeIndexer::BeginSegment() {
  index_ = {.kind = 9, .bytes = {}};
}

Status SizeIndexer::AddBlock(const BlockHeader&,
                             const std::vector<std::string_view>& records) {
  for (const std::string_view record : records) {
    index_.bytes.push_back(static_cast<std::uint8_t>(record.size()));
  }
  return Ok();
}

Result<SegmentIndexer::Index> SizeIndexer::Finish() {
  return index_;
}

const std::vector<std::string>& ScriptRecords() {
  static const std::vector<std::string> records = [] {
    std::vector<std::string> made;
    for (int number = 0; number < 10; ++number) {
      made.push_back(R"({"n":)" + std::to_string(number) + "}");
    }
    return made;
  }();
  return records;
}

Acknowledged RunScript(FileSystem& files, const MemoryFileSystem& memory,
                       const Clock& clock) {
  Acknowledged told;
  const Status status = Script(files, memory, clock, told).Run();
  told.finished = status.has_value();
  if (!status.has_value()) {
    told.error = status.error();
  }
  return told;
}

Result<ArchiveWriter> OpenScriptArchive(FileSystem& files, const Clock& clock,
                                        SegmentIndexer& indexer) {
  return OpenTestArchive(files, clock, {.indexer = &indexer});
}

}  // namespace authseal
