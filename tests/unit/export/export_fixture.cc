#include "tests/unit/export/export_fixture.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"
#include "lib/verify/bundle_verifier.h"
#include "tests/support/manual_clock.h"

namespace authseal {

void CommitNumbered(TestArchive& archive, std::uint64_t count,
                    std::uint64_t block_records) {
  const std::uint64_t first = archive.next_record();
  std::vector<std::string> block;
  for (std::uint64_t n = first; n < first + count; ++n) {
    block.push_back("{\"n\":" + std::to_string(n) + ",\"user\":\"u" +
                    std::to_string(n % 3) + "\"}");
    if (block.size() == block_records || n + 1 == first + count) {
      archive.Commit({std::exchange(block, {})});
    }
  }
}

std::vector<std::string> LinesOf(const MemoryFileSystem& files,
                                 std::string_view path) {
  std::vector<std::string> lines;
  const auto bytes = files.ReadFile(path);
  if (!bytes) {
    return lines;
  }
  std::string_view text = AsText(*bytes);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Result<BundleResult> Export(FileSystem& files, const Pin& pin,
                            const ExportCall& call) {
  TRY_ASSIGN(const ArchiveReader archive, ArchiveReader::Open(files, "A"));
  TRY_ASSIGN(const EventMapper mapper, EventMapper::Create({}));
  return WriteBundle(files, ManualClock(), archive, mapper, call.filter,
                     {.pin = pin,
                      .out_path = call.out,
                      .filter_words = {"--test"},
                      .threads = call.threads});
}

std::string VerdictOf(FileSystem& files, const Pin& pin) {
  VerifyOptions options;
  options.pin = pin;
  const auto report = VerifyBundle(files, kOut, options);
  if (!report) {
    return "error: " + report.error().message;
  }
  return report->verified() ? "verified" : FindingNames(*report);
}

EventFilter UserIs(std::string_view user) {
  EventFilter filter;
  auto match = MemberMatch::Parse("/user=" + std::string(user));
  AUTHSEAL_CHECK(match.has_value());
  filter.members.push_back(*std::move(match));
  return filter;
}

}  // namespace authseal
