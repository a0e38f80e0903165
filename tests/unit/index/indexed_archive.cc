#include "tests/unit/index/indexed_archive.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "lib/base/check.h"
#include "lib/ingest/record_maker.h"

namespace authseal {
namespace {

constexpr std::size_t kBlockRecords = 12;
constexpr std::size_t kCommitBlocks = 4;

std::vector<std::string> ReadLines(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) {
      lines.push_back(line);
    }
  }
  return lines;
}

std::vector<std::string> MakeSamples() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(AUTHSEAL_SOURCE_DIR) + "/testdata/logs")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  const auto mapper = EventMapper::Create({});
  AUTHSEAL_CHECK(mapper.has_value());
  RecordMaker maker(*mapper, {});
  std::vector<std::string> records;
  for (const auto& path : paths) {
    for (const std::string& line : ReadLines(path)) {
      records.emplace_back(maker.Make(line).text);
    }
  }
  AUTHSEAL_CHECK(records.size() > 200);
  return records;
}

IndexRules MakeRules(const Pin& pin) {
  auto rules = IndexRules::Create(*pin.genesis);
  AUTHSEAL_CHECK(rules.has_value());
  return *std::move(rules);
}

}  // namespace

const std::vector<std::string>& SampleRecords() {
  static const std::vector<std::string> kRecords = MakeSamples();
  return kRecords;
}

std::vector<std::string> SampleLog(std::string_view name) {
  return ReadLines(std::string(AUTHSEAL_SOURCE_DIR) + "/testdata/logs/" +
                   std::string(name) + ".jsonl");
}

std::vector<std::vector<std::string>> InBlocks(
    const std::vector<std::string>& records, std::size_t records_per_block) {
  std::vector<std::vector<std::string>> blocks;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i % records_per_block == 0) {
      blocks.emplace_back();
    }
    blocks.back().push_back(records[i]);
  }
  return blocks;
}

Status TamperingIndexer::AddBlock(
    const BlockHeader& header, const std::vector<std::string_view>& records) {
  BlockIndexPartMaker maker(*rules);
  auto part = std::make_shared<BlockIndexPart>(
      *maker.Make(header.ingest_first, records));
  change_part(*part);
  return AddPart(header, std::move(part));
}

Result<SegmentIndexer::Index> TamperingIndexer::Finish() {
  TRY_ASSIGN(Index index, SegmentIndexBuilder::Finish());
  if (index.kind != 0) {
    const auto pages = IndexBodyPages(index.bytes.size());
    AUTHSEAL_CHECK(pages.has_value());
    index.bytes.resize(static_cast<std::size_t>(*pages * kIndexPageSizeBytes));
    change_body(index.bytes);
    AppendIndexTable(index.bytes);
    change_file(index.bytes);
  }
  return index;
}

IndexedArchive::IndexedArchive()
    : rules_(MakeRules(archive_.pin())), indexer_(rules_) {
  indexer_.rules = &rules_;
  archive_.UseIndexer(indexer_);
}

void IndexedArchive::Commit(
    const std::vector<std::vector<std::string>>& blocks) {
  for (std::size_t i = 0; i < blocks.size(); i += kCommitBlocks) {
    const std::size_t end = std::min(blocks.size(), i + kCommitBlocks);
    archive_.Commit({blocks.begin() + static_cast<std::ptrdiff_t>(i),
                     blocks.begin() + static_cast<std::ptrdiff_t>(end)});
  }
}

void IndexedArchive::FillSamples() {
  const auto blocks = InBlocks(SampleRecords(), kBlockRecords);
  const std::size_t quarter = blocks.size() / 4;
  for (std::size_t part = 0; part < 4; ++part) {
    const auto begin =
        blocks.begin() + static_cast<std::ptrdiff_t>(part * quarter);
    Commit({begin, part == 3 ? blocks.end()
                             : begin + static_cast<std::ptrdiff_t>(quarter)});
    if (part < 3) {
      Seal();
    }
  }
}

std::vector<std::string> IndexPaths(const ArchiveFiles& files) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : files) {
    if (path.ends_with(".idx")) {
      paths.push_back(path);
    }
  }
  return paths;
}

SegmentFooter FooterOf(const SegmentIndexer::Index& index, RecordRange records,
                       std::uint32_t block_count) {
  SegmentFooter footer;
  footer.first_record = records.first;
  footer.end_record = records.end + 1;
  footer.block_count = block_count + 1;
  footer.index_kind = index.kind;
  footer.index_size_bytes = index.bytes.size();
  footer.index_root = IndexRoot(index.bytes);
  return footer;
}

Result<IndexReader> OpenIndex(const ByteVector& bytes,
                              const SegmentFooter& footer) {
  MemoryFileSystem file_system;
  AUTHSEAL_CHECK(file_system.WriteFile("I", bytes));
  TRY_ASSIGN(const auto directory, file_system.OpenDirectory("/"));
  TRY_ASSIGN(auto file, directory->OpenRead("I"));
  return IndexReader::Open(std::move(file), footer);
}

}  // namespace authseal
