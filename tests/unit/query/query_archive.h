// An archive that remembers what was put into it, and scans of its files.
#ifndef AUTHSEAL_TESTS_UNIT_QUERY_QUERY_ARCHIVE_H_
#define AUTHSEAL_TESTS_UNIT_QUERY_QUERY_ARCHIVE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/query/archive_scan.h"
#include "lib/query/count_query.h"
#include "lib/query/row_query.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {

class RecordedArchive {
 public:
  void Commit(const std::vector<std::vector<std::string>>& blocks);
  void Seal() { archive_.Seal(); }
  // By number; our own control records are not among them.
  const std::map<std::uint64_t, std::string>& records() const {
    return records_;
  }
  ArchiveFiles Files() const { return archive_.Files(); }
  Pin pin() const { return archive_.pin(); }
  TestArchive& archive() { return archive_; }

 private:
  TestArchive archive_;
  std::map<std::uint64_t, std::string> records_;
};

// Three sealed segments of several blocks and an open one, of lines that the
// generic mapping knows. Records 0..12, 13..25, 26..38 and from 39 on.
void FillSegments(RecordedArchive& archive);

struct Scanned {
  std::map<std::uint64_t, std::string> records;  // without control records
  std::vector<std::uint64_t> order;              // as consumed
  ScanReport report;
};
Scanned Scan(const ArchiveFiles& files, const ScanOptions& options);

struct QueriedRows {
  std::string text;
  RowQueryResult result;
};
QueriedRows QueryRows(const ArchiveFiles& files, const Pin& pin,
                      const EventFilter& filter, const RowQueryOptions& options,
                      unsigned threads = 1);

CountQueryResult QueryCounts(const ArchiveFiles& files, const Pin& pin,
                             const EventFilter& filter,
                             const CountQueryOptions& options);

// "chain-broken segments/… 0..13", a line each.
std::string FindingLines(const ScanReport& report);

// Where the frames of a segment of these files lie.
SegmentMap MapOf(const ArchiveFiles& files, std::string_view path);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_QUERY_QUERY_ARCHIVE_H_
