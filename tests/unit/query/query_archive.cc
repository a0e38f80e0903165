#include "tests/unit/query/query_archive.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "lib/base/check.h"
#include "lib/event/mapper.h"

namespace authseal {
namespace {

struct Copied : BlockResult {
  std::vector<std::pair<std::uint64_t, std::string>> records;
};

class Copier : public BlockEvaluator {
 public:
  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto copied = std::make_unique<Copied>();
    for (std::size_t i = 0; i < block.records.size(); ++i) {
      if (MarkOf(block.records[i]) != RecordMark::kControl) {
        copied->records.emplace_back(block.header.first_record + i,
                                     std::string(block.records[i]));
      }
    }
    return copied;
  }
};

const EventMapper& Mapper() {
  static const EventMapper mapper = *EventMapper::Create({});
  return mapper;
}

ArchiveReader OpenArchive(MemoryFileSystem& file_system) {
  auto archive = ArchiveReader::Open(file_system, "A");
  AUTHSEAL_CHECK(archive.has_value());
  return *std::move(archive);
}

}  // namespace

void RecordedArchive::Commit(
    const std::vector<std::vector<std::string>>& blocks) {
  std::uint64_t number = archive_.next_record();
  for (const auto& block : blocks) {
    for (const std::string& record : block) {
      records_[number++] = record;
    }
  }
  archive_.Commit(blocks);
}

void FillSegments(RecordedArchive& archive) {
  int number = 0;
  const auto lines = [&number](int count) {
    std::vector<std::string> block;
    for (int i = 0; i < count; ++i, ++number) {
      block.push_back(R"({"time":"2026-03-05T06:00:)" +
                      std::to_string(10 + number % 50) +
                      R"(Z","event":"token_issued","client_id":"c)" +
                      std::to_string(number % 3) + R"(","sub":"u)" +
                      std::to_string(number) + "\"}");
    }
    return block;
  };
  for (int segment = 0; segment < 4; ++segment) {
    archive.Commit({lines(3), lines(1)});
    archive.Commit({lines(4)});
    archive.Commit({lines(2), lines(2)});
    if (segment < 3) {
      archive.Seal();
    }
  }
}

Scanned Scan(const ArchiveFiles& files, const ScanOptions& options) {
  MemoryFileSystem file_system = FileSystemOf(files);
  const ArchiveReader archive = OpenArchive(file_system);
  Scanned scanned;
  auto report = ScanArchive(
      archive, options, [] { return std::make_unique<Copier>(); },
      [&scanned](std::unique_ptr<BlockResult> result) -> Result<bool> {
        for (auto& [number, text] : static_cast<Copied&>(*result).records) {
          scanned.order.push_back(number);
          scanned.records[number] = std::move(text);
        }
        return true;
      });
  AUTHSEAL_CHECK(report.has_value());
  scanned.report = *std::move(report);
  return scanned;
}

QueriedRows QueryRows(const ArchiveFiles& files, const Pin& pin,
                      const EventFilter& filter, const RowQueryOptions& options,
                      unsigned threads) {
  MemoryFileSystem file_system = FileSystemOf(files);
  const ArchiveReader archive = OpenArchive(file_system);
  QueriedRows rows;
  ScanOptions scan;
  scan.pin = pin;
  scan.threads = threads;
  auto result = RunRowQuery(archive, scan, Mapper(), filter, options,
                            [&rows](std::string_view text) {
                              rows.text += text;
                              return true;
                            });
  AUTHSEAL_CHECK(result.has_value());
  rows.result = *std::move(result);
  return rows;
}

CountQueryResult QueryCounts(const ArchiveFiles& files, const Pin& pin,
                             const EventFilter& filter,
                             const CountQueryOptions& options) {
  MemoryFileSystem file_system = FileSystemOf(files);
  const ArchiveReader archive = OpenArchive(file_system);
  ScanOptions scan;
  scan.pin = pin;
  auto result = RunCountQuery(archive, scan, Mapper(), filter, options);
  AUTHSEAL_CHECK(result.has_value());
  return *std::move(result);
}

std::string FindingLines(const ScanReport& report) {
  std::string lines;
  for (const Finding& finding : report.findings) {
    lines += std::string(FindingName(finding.kind)) + " " + finding.file;
    if (finding.records) {
      lines += " " + std::to_string(finding.records->first) + ".." +
               std::to_string(finding.records->end);
    }
    lines += "\n";
  }
  return lines;
}

SegmentMap MapOf(const ArchiveFiles& files, std::string_view path) {
  MemoryFileSystem file_system = FileSystemOf(files);
  const ArchiveReader archive = OpenArchive(file_system);
  const auto listing = archive.List();
  AUTHSEAL_CHECK(listing.has_value());
  const auto file = std::find_if(
      listing->segments.begin(), listing->segments.end(),
      [path](const SegmentFile& f) { return path.ends_with(f.name); });
  AUTHSEAL_CHECK(file != listing->segments.end());
  const auto segment = archive.OpenSegment(*file);
  AUTHSEAL_CHECK(segment.has_value());
  return segment->map();
}

}  // namespace authseal
