#include "tests/attack/judge.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"
#include "lib/verify/bundle_verifier.h"

namespace authseal {
namespace {

bool IsNamed(const std::string& names, std::string_view name) {
  return (" " + names + " ").find(" " + std::string(name) + " ") !=
         std::string::npos;
}

// "" when the findings are those that this attack must give.
std::string FaultOfFindings(const Attempt& attempt,
                            const VerifyReport& report) {
  bool required = attempt.required.empty();
  bool about_file = attempt.file.empty();
  for (const Finding& finding : report.findings) {
    const std::string_view name = FindingName(finding.kind);
    if (!attempt.names.empty() && !IsNamed(attempt.names, name) &&
        !IsNamed(attempt.required, name)) {
      return std::string(name) + " is not what this is:\n" + Describe(report);
    }
    required = required || IsNamed(attempt.required, name);
    about_file = about_file || finding.file == attempt.file;
  }
  if (!required) {
    return "none of \"" + attempt.required + "\":\n" + Describe(report);
  }
  return about_file
             ? ""
             : "nothing about " + attempt.file + ":\n" + Describe(report);
}

// Where it passes: sealed records are those of the victim.
std::string FaultOfPass(const Victim& victim, const Attempt& attempt,
                        const VerifyReport& report) {
  if (report.tree_size != victim.sealed_end ||
      report.root != victim.sealed_root) {
    return "verified, with another tree: " + std::to_string(report.tree_size) +
           " records";
  }
  if (!attempt.signs_unsealed &&
      report.unsealed_records > victim.records.size() - victim.sealed_end) {
    return "verified, with more unsealed records than there were";
  }
  return "";
}

Judgement JudgeReport(const Attempt& attempt, const Victim* victim,
                      const Result<VerifyReport>& report) {
  if (!report.has_value()) {
    const bool fine =
        attempt.may_be_newer && report.error().code == ErrorCode::kNewerVersion;
    return {fine ? Outcome::kDetected : Outcome::kWrongFinding,
            "an error in place of a finding: " + report.error().message};
  }
  if (!report->verified()) {
    if (attempt.expected == Expected::kPasses) {
      return {Outcome::kWrongFinding,
              "found, where nobody can know:\n" + Describe(*report)};
    }
    std::string fault = FaultOfFindings(attempt, *report);
    return {fault.empty() ? Outcome::kDetected : Outcome::kWrongFinding,
            std::move(fault)};
  }
  switch (attempt.expected) {
    case Expected::kFound:
      return {Outcome::kUndetected, "verified"};
    case Expected::kFoundOrHarmless: {
      std::string fault =
          victim == nullptr ? "" : FaultOfPass(*victim, attempt, *report);
      return {fault.empty() ? Outcome::kAllowed : Outcome::kUndetected,
              std::move(fault)};
    }
    case Expected::kPasses:
      break;
  }
  if (victim != nullptr && attempt.signs_unsealed) {
    std::string fault = FaultOfPass(*victim, attempt, *report);
    return {fault.empty() ? Outcome::kAllowed : Outcome::kUndetected,
            std::move(fault)};
  }
  return {Outcome::kAllowed, ""};
}

bool IsFault(Outcome outcome) {
  return outcome != Outcome::kDetected && outcome != Outcome::kAllowed;
}

// A record that is called trustworthy and is not there. Who holds the identity
// key can vouch for anything, who holds the current one for what is not sealed.
std::string WronglyTrusted(const Victim& victim, const Attempt& attempt,
                           VerifyReport report) {
  if (attempt.has_identity || attempt.has_every_key) {
    return "";
  }
  if (attempt.signs_unsealed) {
    for (RecordRange& range : report.trustworthy) {
      range.end = std::min(range.end, victim.sealed_end);
    }
  }
  return victim.oracle->WronglyTrusted(report, attempt.files);
}

}  // namespace

MemoryFileSystem FilesOf(const Attempt& attempt) {
  MemoryFileSystem files = FileSystemOf(attempt.files);
  for (const std::string& path : attempt.links) {
    files.RemovePath("A/" + path);
    AUTHSEAL_CHECK(files.AddSpecialFile("A/" + path));
  }
  for (const std::string& path : attempt.directories) {
    files.RemovePath("A/" + path);
    AUTHSEAL_CHECK(files.CreateDirectory("A/" + path, 0700).has_value());
  }
  return files;
}

Judgement JudgeArchive(const Victim& victim, const Attempt& attempt,
                       JudgeScope scope) {
  MemoryFileSystem files = FilesOf(attempt);
  VerifyOptions options;
  options.pin = attempt.pin;
  options.known = attempt.known;
  Judgement judgement;
  for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
    if (depth == VerifyDepth::kQuick && !scope.quick) {
      continue;
    }
    options.depth = depth;
    const auto report = VerifyArchiveAt(files, "A", options);
    Judgement next = JudgeReport(attempt, &victim, report);
    if (!IsFault(next.outcome) && report.has_value() && scope.readers) {
      if (std::string fault = WronglyTrusted(victim, attempt, *report);
          !fault.empty()) {
        next = {Outcome::kWrongFinding, std::move(fault)};
      }
    }
    if (IsFault(next.outcome)) {
      next.text =
          (depth == VerifyDepth::kQuick ? "quick: " : "full: ") + next.text;
      return next;
    }
    if (depth == VerifyDepth::kFull) {
      judgement = std::move(next);
    }
  }
  if (!scope.readers) {
    return judgement;
  }
  if (std::string fault = FaultOfQuery(victim, attempt, files);
      !fault.empty()) {
    return {Outcome::kBadQuery, std::move(fault)};
  }
  if (std::string fault = FaultOfExport(victim, attempt, files);
      !fault.empty()) {
    return {Outcome::kBadExport, std::move(fault)};
  }
  return judgement;
}

Judgement JudgeBundle(const Attempt& attempt) {
  MemoryFileSystem files;
  AUTHSEAL_CHECK(files.CreateDirectory("B", 0700).has_value());
  AUTHSEAL_CHECK(files.CreateDirectory("B/data", 0700).has_value());
  for (const auto& [path, bytes] : attempt.files) {
    AUTHSEAL_CHECK(files.WriteFile("B/" + path, bytes));
  }
  for (const std::string& path : attempt.links) {
    files.RemovePath("B/" + path);
    AUTHSEAL_CHECK(files.AddSpecialFile("B/" + path));
  }
  for (const std::string& path : attempt.directories) {
    files.RemovePath("B/" + path);
    AUTHSEAL_CHECK(files.CreateDirectory("B/" + path, 0700).has_value());
  }
  VerifyOptions options;
  options.pin = attempt.pin;
  options.known = attempt.known;
  return JudgeReport(attempt, nullptr, VerifyBundle(files, "B", options));
}

}  // namespace authseal
