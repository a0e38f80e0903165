// Archives with a search index, of records like those that ingest makes.
#ifndef AUTHSEAL_TESTS_UNIT_INDEX_INDEXED_ARCHIVE_H_
#define AUTHSEAL_TESTS_UNIT_INDEX_INDEXED_ARCHIVE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/index/index_reader.h"
#include "lib/index/segment_index_builder.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {

// Each line of testdata/logs as a record: scrubbed, wrapped where it must be.
const std::vector<std::string>& SampleRecords();
// The lines of testdata/logs/NAME.jsonl as they are.
std::vector<std::string> SampleLog(std::string_view name);
// Cut into blocks of this many.
std::vector<std::vector<std::string>> InBlocks(
    const std::vector<std::string>& records, std::size_t records_per_block);

// Changes what a builder makes before it is sealed: a writer that lies.
class TamperingIndexer : public SegmentIndexBuilder {
 public:
  using SegmentIndexBuilder::SegmentIndexBuilder;
  std::function<void(BlockIndexPart&)> change_part = [](BlockIndexPart&) {};
  // The body alone; the table follows from it.
  std::function<void(ByteVector&)> change_body = [](ByteVector&) {};
  std::function<void(ByteVector&)> change_file = [](ByteVector&) {};

  Status AddBlock(const BlockHeader& header,
                  const std::vector<std::string_view>& records) override;
  std::unique_ptr<PartMaker> NewPartMaker() override { return nullptr; }
  Result<Index> Finish() override;
  const IndexRules* rules = nullptr;
};

class IndexedArchive {
 public:
  IndexedArchive();
  // Three sealed segments of all samples, and an open one.
  void FillSamples();
  void Commit(const std::vector<std::vector<std::string>>& blocks);
  void Seal() { archive_.Seal(); }

  TestArchive& archive() { return archive_; }
  TamperingIndexer& indexer() { return indexer_; }
  IndexRules& rules() { return rules_; }
  ArchiveFiles Files() const { return archive_.Files(); }
  Pin pin() const { return archive_.pin(); }

 private:
  TestArchive archive_;
  IndexRules rules_;
  TamperingIndexer indexer_;
};

// Paths of the indexes, in order.
std::vector<std::string> IndexPaths(const ArchiveFiles& files);

// A footer that names `index`, for readers.
SegmentFooter FooterOf(const SegmentIndexer::Index& index, RecordRange records,
                       std::uint32_t block_count);
Result<IndexReader> OpenIndex(const ByteVector& bytes,
                              const SegmentFooter& footer);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_INDEX_INDEXED_ARCHIVE_H_
