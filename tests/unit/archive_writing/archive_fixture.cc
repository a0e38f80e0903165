#include "tests/unit/archive_writing/archive_fixture.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"
#include "lib/crypto/sha256.h"

namespace authseal {

SourceRange MakeSource(std::string_view name, std::uint64_t begin_bytes,
                       std::uint64_t end_bytes, std::uint32_t record_count) {
  // Any hash will do, as long as it tells positions apart.
  const std::string tail = std::string(name) + std::to_string(end_bytes);
  return {.first = 0,
          .count = record_count,
          .begin_bytes = begin_bytes,
          .end_bytes = end_bytes,
          .head_hash = Sha256Of(AsBytes(name)),
          .tail_hash = Sha256Of(AsBytes(tail)),
          .name = std::string(name)};
}

BlockDraft MakeDraft(const std::vector<std::string>& records) {
  BlockDraft draft;
  for (const std::string& record : records) {
    draft.content.insert(draft.content.end(), record.begin(), record.end());
    draft.record_ends_bytes.push_back(
        static_cast<std::uint32_t>(draft.content.size()));
    draft.content.push_back('\n');
  }
  draft.ingest_first = UnixNanos{1'000};
  draft.ingest_last = UnixNanos{2'000};
  draft.scrubbed_count = 1;
  return draft;
}

EncodedBlock MakeBlock(std::uint64_t first_record,
                       const std::vector<std::string>& records,
                       std::vector<SourceRange> sources) {
  BlockDraft draft = MakeDraft(records);
  draft.sources = std::move(sources);
  BlockBuilder builder;
  auto block = builder.Build(draft, first_record);
  AUTHSEAL_CHECK(block.has_value());
  return *std::move(block);
}

Status InitTestArchive(FileSystem& file_system) {
  TRY_ASSIGN(const InitResult made,
             InitArchive(file_system, kTestArchive, kTestKeys, kTestOrigin));
  return Ok();
}

Result<ArchiveWriter> OpenTestArchive(FileSystem& file_system,
                                      const Clock& clock,
                                      ArchiveWriter::Options options) {
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(file_system, kTestKeys));
  return ArchiveWriter::Open(file_system, clock, kTestArchive, std::move(keys),
                             options);
}

Status CommitRecords(ArchiveWriter& writer,
                     const std::vector<std::string>& records,
                     std::vector<SourceRange> sources) {
  EncodedBlock block =
      MakeBlock(writer.next_record(), records, std::move(sources));
  TRY_ASSIGN(const std::uint64_t stored_bytes, writer.Commit({&block, 1}));
  return stored_bytes > 0 ? Ok()
                          : Status(Error{ErrorCode::kInternal, "no bytes"});
}

std::vector<std::string> CheckedArchive::delivered() const {
  std::vector<std::string> kept;
  for (const std::string& record : records) {
    if (!record.starts_with("{\"authseal\":{\"seal\":")) {
      kept.push_back(record);
    }
  }
  return kept;
}

}  // namespace authseal
