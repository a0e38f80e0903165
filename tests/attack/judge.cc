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
  if (report.reopened.size() != victim.reopened.size()) {
    return "verified, without a word of the reopened epoch";
  }
  return "";
}

// Where only what is new is checked, that is what is called trustworthy, and
// the rest is said to be unseen.
std::string FaultOfUnseen(const VerifyReport& report) {
  const std::uint64_t unseen = report.skipped_records;
  if (unseen == 0) {
    return "";
  }
  if (!report.trustworthy.empty() && report.trustworthy[0].first < unseen) {
    return "records that were not read are called trustworthy";
  }
  const std::string words = "records before " + std::to_string(unseen) + ":";
  return std::any_of(report.not_checked.begin(), report.not_checked.end(),
                     [&words](const std::string& sentence) {
                       return sentence.starts_with(words) &&
                              sentence.find("reopened") != sentence.npos;
                     })
             ? ""
             : "what was not read is not said to be";
}

// Where an epoch was made anew by the identity key: it must be said, and not
// by the words that the user may have accepted before.
std::string FaultOfReopened(const Victim& victim, const Attempt& attempt,
                            const VerifyReport& report) {
  if (!attempt.says_reopened.has_value()) {
    return "";
  }
  const auto made = std::find_if(report.reopened.begin(), report.reopened.end(),
                                 [&attempt](const ReopenedEpoch& epoch) {
                                   return epoch.epoch == *attempt.says_reopened;
                                 });
  if (made == report.reopened.end()) {
    return "the epoch made anew is not said to be reopened";
  }
  for (const ReopenedEpoch& sound : victim.reopened) {
    if (made->statement == sound.statement) {
      return "the epoch made anew has the statement of the sound one";
    }
  }
  return "";
}

VerifyOptions OptionsFor(const Attempt& attempt, const Outsiders& outsiders) {
  VerifyOptions options;
  options.pin = attempt.pin;
  options.known = attempt.known;
  if (attempt.after_known) {
    options.after = 0;
  }
  options.witnesses = outsiders.witnesses;
  options.tsa_authorities = outsiders.authorities.get();
  return options;
}

Judgement JudgeReport(const Attempt& attempt, const Victim* victim,
                      const Outsiders& outsiders,
                      const Result<VerifyReport>& report) {
  if (report.has_value()) {
    std::string fault = outsiders.FaultIn(*report) + FaultOfUnseen(*report);
    if (!fault.empty()) {
      return {Outcome::kWrongFinding, std::move(fault)};
    }
  }
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
  if (std::string fault =
          victim == nullptr ? "" : FaultOfReopened(*victim, attempt, *report);
      !fault.empty()) {
    return {Outcome::kUndetected, std::move(fault)};
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
// key can reopen, which is said; who holds the current one can vouch for what
// is not sealed.
std::string WronglyTrusted(const Victim& victim, const Attempt& attempt,
                           VerifyReport report) {
  if (attempt.says_reopened.has_value() || attempt.has_every_key) {
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
  VerifyOptions options = OptionsFor(attempt, victim.outsiders);
  Judgement judgement;
  for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
    if (depth == VerifyDepth::kQuick && !scope.quick) {
      continue;
    }
    options.depth = depth;
    const auto report = VerifyArchiveAt(files, "A", options);
    Judgement next = JudgeReport(attempt, &victim, victim.outsiders, report);
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

Judgement JudgeBundle(const Attempt& attempt, const Outsiders& outsiders) {
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
  return JudgeReport(attempt, nullptr, outsiders,
                     VerifyBundle(files, "B", OptionsFor(attempt, outsiders)));
}

}  // namespace authseal
