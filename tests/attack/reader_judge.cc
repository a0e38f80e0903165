// Query and export on what an attacker left: whatever they give out as good
// must be a record of the victim's, at its number.
#include <map>
#include <memory>
#include <utility>

#include "lib/base/check.h"
#include "lib/event/mapper.h"
#include "lib/export/bundle_writer.h"
#include "lib/query/archive_scan.h"
#include "lib/verify/bundle_lines.h"
#include "lib/verify/bundle_verifier.h"
#include "tests/attack/judge.h"
#include "tests/support/manual_clock.h"

namespace authseal {
namespace {

constexpr std::string_view kBundle = "bundle";

using NumberedRecords = std::map<std::uint64_t, std::string>;

struct Copied : BlockResult {
  NumberedRecords records;
};

class Copier : public BlockEvaluator {
 public:
  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto copied = std::make_unique<Copied>();
    for (std::size_t i = 0; i < block.records.size(); ++i) {
      copied->records[block.header.first_record + i] = block.records[i];
    }
    return copied;
  }
};

// The number of a record that is not the victim's; empty when all are.
std::optional<std::uint64_t> BadRecord(const Victim& victim,
                                       const Attempt& attempt,
                                       const NumberedRecords& records) {
  for (const auto& [number, record] : records) {
    if (attempt.signs_unsealed && number >= victim.sealed_end) {
      break;
    }
    if (number >= victim.records.size() || record != victim.records[number]) {
      return number;
    }
  }
  return std::nullopt;
}

bool HoldsAllSealed(const Victim& victim, const NumberedRecords& records) {
  std::uint64_t expected = 0;
  for (const auto& [number, record] : records) {
    expected += number == expected ? 1u : 0u;
  }
  return expected >= victim.sealed_end;
}

std::string_view FileOf(const MemoryFileSystem& files, std::string_view name,
                        ByteVector& bytes) {
  const auto read =
      files.ReadFile(std::string(kBundle) + "/" + std::string(name));
  bytes = read.value_or(ByteVector());
  return AsText(bytes);
}

std::vector<std::string_view> LinesIn(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

const EventMapper& Mapper() {
  static const EventMapper mapper = *EventMapper::Create({});
  return mapper;
}

}  // namespace

std::string FaultOfQuery(const Victim& victim, const Attempt& attempt,
                         MemoryFileSystem& files) {
  if (attempt.has_every_key) {
    return "";
  }
  const auto archive = ArchiveReader::Open(files, "A");
  if (!archive.has_value()) {
    return "";  // an error, and nothing printed
  }
  ScanOptions options;
  options.pin = attempt.pin;
  options.known = attempt.known;
  NumberedRecords records;
  const auto report = ScanArchive(
      *archive, options, [] { return std::make_unique<Copier>(); },
      [&records](std::unique_ptr<BlockResult> result) -> Result<bool> {
        records.merge(static_cast<Copied&>(*result).records);
        return true;
      });
  const bool said = !report.has_value() || !report->findings.empty();
  if (const auto bad = BadRecord(victim, attempt, records);
      bad.has_value() && !attempt.says_reopened.has_value()) {
    return "query prints another record " + std::to_string(*bad) +
           (said ? ", beside a finding" : "");
  }
  if (!said && !attempt.end_is_cut && !HoldsAllSealed(victim, records)) {
    return "query leaves sealed records out and exits 0";
  }
  return "";
}

std::string FaultOfExport(const Victim& victim, const Attempt& attempt,
                          MemoryFileSystem& files) {
  if (attempt.has_every_key) {
    return "";
  }
  const auto archive = ArchiveReader::Open(files, "A");
  if (!archive.has_value()) {
    return "";
  }
  const EventFilter everything;
  const auto written =
      WriteBundle(files, ManualClock(), *archive, Mapper(), everything,
                  {.pin = attempt.pin,
                   .out_path = std::string(kBundle),
                   .filter_words = {},
                   .threads = 1});
  if (!written.has_value()) {
    return files.Info(kBundle).has_value() ? "a failed export left a bundle"
                                           : "";
  }
  ByteVector record_bytes;
  ByteVector proof_bytes;
  const auto lines = LinesIn(FileOf(files, "data/records.jsonl", record_bytes));
  const auto proofs = LinesIn(FileOf(files, "data/proofs.jsonl", proof_bytes));
  NumberedRecords records;
  for (std::size_t i = 0; i < lines.size() && i < proofs.size(); ++i) {
    const auto proof = ParseProofLine(proofs[i]);
    if (!proof.has_value()) {
      return "export writes a proof that does not parse";
    }
    records[proof->index] = lines[i];
  }
  if (const auto bad = BadRecord(victim, attempt, records);
      bad.has_value() && !attempt.says_reopened.has_value()) {
    return "export writes another record " + std::to_string(*bad);
  }
  VerifyOptions options;
  options.pin = attempt.pin;
  const auto report = VerifyBundle(files, kBundle, options);
  if (!report.has_value() || !report->verified()) {
    return "export writes a bundle that does not check out";
  }
  return "";
}

}  // namespace authseal
