#include "tests/corruption/attack.h"

#include <cstdlib>
#include <sstream>

#include "lib/compress/stream_decoder.h"
#include "tests/corruption/segment_forger.h"

namespace authseal {
namespace {

bool IsSegment(const std::string& path) {
  return path.starts_with("segments/") && path.find(".jsonl.zst") < path.size();
}

void AddLines(std::string_view content, std::set<std::string>& records) {
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    records.emplace(content.substr(0, end));
    content.remove_prefix(end == std::string_view::npos ? content.size()
                                                        : end + 1);
  }
}

// All lines that any zstd frame in `file` gives.
std::set<std::string> DecodableRecords(const ByteVector& file) {
  std::set<std::string> records;
  const std::string_view text = AsText(file);
  constexpr std::string_view kMagic("\x28\xB5\x2F\xFD", 4);
  for (std::size_t at = text.find(kMagic); at != std::string_view::npos;
       at = text.find(kMagic, at + 1)) {
    const auto decoder = MakeZstdDecoder();
    ByteVector content(1u << 16);
    const auto step = decoder->Decode(Bytes(file).subspan(at), content);
    if (step.has_value()) {
      AddLines(AsText(Bytes(content).first(step->produced_bytes)), records);
    }
  }
  return records;
}

}  // namespace

std::string Misjudged(const Result<VerifyReport>& report,
                      const std::string& file, const std::string& names) {
  if (!report.has_value()) {
    return "error in place of a finding: " + report.error().message;
  }
  if (report->verified()) {
    return "not found";
  }
  const std::string allowed = " " + names + " ";
  bool about_file = file.empty();
  for (const Finding& finding : report->findings) {
    const std::string name(FindingName(finding.kind));
    if (allowed.find(" " + name + " ") == std::string::npos) {
      return name + " is not allowed here:\n" + Describe(*report);
    }
    about_file = about_file || finding.file == file;
  }
  return about_file ? ""
                    : "no finding about " + file + ":\n" + Describe(*report);
}

RecordOracle::RecordOracle(const ArchiveFiles& original) : original_(original) {
  for (const auto& [path, bytes] : original) {
    if (!IsSegment(path)) {
      continue;
    }
    records_of_file_[path] = DecodableRecords(bytes);
    for (const EncodedBlock& block :
         TakeApart(bytes, !path.ends_with(".open")).blocks) {
      for (std::string& record : RecordsOf(block)) {
        records_.push_back(std::move(record));
      }
    }
  }
}

std::string RecordOracle::WronglyTrusted(const VerifyReport& report,
                                         const ArchiveFiles& changed) const {
  std::set<std::string> there;
  for (const auto& [path, bytes] : changed) {
    if (!IsSegment(path)) {
      continue;
    }
    const auto known = original_.find(path);
    if (known != original_.end() && known->second == bytes) {
      there.insert(records_of_file_.at(path).begin(),
                   records_of_file_.at(path).end());
    } else {
      there.merge(DecodableRecords(bytes));
    }
  }
  for (const RecordRange& range : report.trustworthy) {
    for (std::uint64_t record = range.first; record < range.end; ++record) {
      if (record >= records_.size() || there.count(records_[record]) == 0) {
        return "record " + std::to_string(record) +
               " is called trustworthy:\n" + Describe(report);
      }
    }
  }
  return "";
}

std::uint64_t TrustedCount(const VerifyReport& report) {
  std::uint64_t count = 0;
  for (const RecordRange& range : report.trustworthy) {
    count += range.count();
  }
  return count;
}

bool Exhaustive() {
  return std::getenv("AUTHSEAL_EXHAUSTIVE") != nullptr;
}

}  // namespace authseal
