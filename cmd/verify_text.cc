// What a person reads of authseal verify: findings, the report, the verdict.
#include <algorithm>

#include "cmd/output.h"
#include "cmd/verify.h"
#include "cmd/verify_witnesses.h"
#include "lib/base/escape.h"
#include "lib/base/time.h"

namespace authseal {

namespace {

// "records 0 to 9", both ends included; "record 5".
std::string Records(const RecordRange& records) {
  if (records.count() == 1) {
    return "record " + GroupDigits(records.first);
  }
  return "records " + GroupDigits(records.first) + " to " +
         GroupDigits(records.end - 1);
}

constexpr std::size_t kRangesShownMax = 5;

std::string Listed(const std::vector<RecordRange>& ranges) {
  std::string text;
  const std::size_t shown = std::min(ranges.size(), kRangesShownMax);
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? "" : ", ") + Records(ranges[i]);
  }
  if (shown < ranges.size()) {
    text += " and " + std::to_string(ranges.size() - shown) + " more ranges";
  }
  return text;
}

std::string Trustworthy(const VerifyReport& report) {
  std::string text = report.trustworthy.empty()
                         ? "no record is trustworthy"
                         : Listed(report.trustworthy) + " still trustworthy";
  if (!report.vouched.empty()) {
    text +=
        "; " + Listed(report.vouched) + " unless the identity key was stolen";
  }
  return text;
}

// name, file, place, records and sentence, separated by tabs.
std::string FindingLine(const Finding& finding) {
  std::string place;
  if (finding.block.has_value()) {
    place = "block " + std::to_string(*finding.block);
  }
  if (finding.offset_bytes.has_value()) {
    place += (place.empty() ? "byte " : ", byte ") +
             std::to_string(*finding.offset_bytes);
  }
  const auto or_dash = [](const std::string& text) {
    return text.empty() ? std::string("-") : EscapeForTerminal(text);
  };
  return std::string(FindingName(finding.kind)) + '\t' + or_dash(finding.file) +
         '\t' + or_dash(place) + '\t' +
         (finding.records.has_value() ? Records(*finding.records) : "-") +
         '\t' + EscapeForTerminal(finding.text);
}

void PrintFindings(const VerifyReport& report, Context& context) {
  for (const Finding& finding : report.findings) {
    context.out << FindingLine(finding) << '\n';
  }
  if (report.findings_total > report.findings.size()) {
    context.out << "… and " << report.findings_total - report.findings.size()
                << " findings more\n";
  }
}

std::string CountText(const CheckCount& count) {
  return GroupDigits(count.ok) + " of " + GroupDigits(count.total) + " valid";
}

std::string PinText(const VerifiedTarget& verified) {
  switch (verified.key_source) {
    case PinSource::kOption:
      return "given";
    case PinSource::kState:
      return "remembered";
    case PinSource::kFirstUse:
      return "first use, not pinned";
  }
  return {};
}

void PrintHead(const VerifyCommandOptions& options,
               const VerifiedTarget& verified, Context& context) {
  const VerifyReport& report = verified.report;
  std::ostream& out = context.out;
  out << (verified.is_bundle ? "Bundle      " : "Archive     ")
      << EscapeForTerminal(verified.target) << "  (origin "
      << EscapeForTerminal(report.origin) << ")\nKey         "
      << EscapeForTerminal(FormatVerificationKey(report.key)) << "  ["
      << PinText(verified) << "]\nDepth       " << options.depth()
      << "\nSegments    " << CountText(report.segments) << "\nRecords     "
      << CountText(report.records) << '\n';
  if (report.skipped_records > 0) {
    out << "Not read    " << GroupDigits(report.skipped_records)
        << " records in " << GroupDigits(report.skipped_segments)
        << (report.skipped_segments == 1 ? " segment" : " segments")
        << ", under a checkpoint known before\n";
  }
  out << "Sealed      " << GroupDigits(report.tree_size)
      << " records, published " << GroupDigits(report.checkpoint_size);
  if (report.last_seal_time.value != 0) {
    out << ", last seal " << FormatRfc3339(report.last_seal_time);
  }
  out << '\n';
}

void PrintReport(const VerifyCommandOptions& options,
                 const VerifiedTarget& verified, Context& context) {
  const VerifyReport& report = verified.report;
  std::ostream& out = context.out;
  PrintHead(options, verified, context);
  if (report.timestamp.has_value()) {
    out << "Timestamp   " << GroupDigits(report.timestamp->tree_size)
        << " records existed no later than "
        << FormatRfc3339(report.timestamp->statement.no_later_than())
        << ", says " << EscapeForTerminal(report.timestamp->tsa) << '\n';
  }
  for (const KnownCheckpointResult& known : report.known) {
    out << "Compared    " << EscapeForTerminal(known.source) << ", "
        << GroupDigits(known.size) << " records: "
        << (!known.compared    ? "cannot be compared"
            : known.consistent ? "consistent"
                               : "NOT consistent")
        << '\n';
  }
  for (const Note& note : report.notes) {
    out << "Note        " << note.name
        << (note.file.empty() ? "" : " " + EscapeForTerminal(note.file)) << ": "
        << EscapeForTerminal(note.text) << '\n';
  }
  for (const std::string& text : report.not_checked) {
    out << "Not checked " << EscapeForTerminal(text) << '\n';
  }
  PrintWitnesses(report, context);
  for (const std::string& text : verified.unmet) {
    out << "Required    " << text << '\n';
  }
}

std::string VerifiedText(const VerifiedTarget& verified,
                         const std::string& depth) {
  const VerifyReport& report = verified.report;
  std::string text = GroupDigits(report.records.ok) + " records";
  if (!verified.is_bundle) {
    text += " in " + GroupDigits(report.segments.total) +
            (report.segments.total == 1 ? " segment" : " segments");
    if (report.unsealed_records > 0) {
      text += ", " + GroupDigits(report.unsealed_records) + " of them unsealed";
    }
  }
  if (report.skipped_records > 0) {
    text += ", after " + GroupDigits(report.skipped_records) +
            " that were not read";
  }
  text += ", " + depth;
  if (verified.key_source == PinSource::kFirstUse) {
    text += ", key not pinned";
  } else if (!verified.has_genesis) {
    text += ", genesis not pinned";
  }
  if (!verified.is_bundle && report.known.empty()) {
    text += ", no earlier checkpoint: rollback and fork not excluded";
  }
  if (const std::size_t count = report.reopened.size(); count > 0) {
    text += ", " + GroupDigits(count) + (count == 1 ? " epoch" : " epochs") +
            " reopened by the identity key";
  }
  for (const ReopenedEpoch& epoch : report.reopened) {
    if (verified.unaccepted.count(epoch.epoch) > 0) {
      text += "; weaker than a seal: ask why epoch " +
              GroupDigits(epoch.epoch) +
              " was reopened, then --accept-reopened " +
              FormatReopening(epoch.epoch, epoch.statement);
    }
  }
  for (const std::string& unmet : verified.unmet) {
    text += "; weaker than " + unmet;
  }
  return text;
}

std::string FailedText(const VerifyReport& report) {
  return GroupDigits(report.findings_total) +
         (report.findings_total == 1 ? " finding; " : " findings; ") +
         Trustworthy(report);
}

}  // namespace

void PrintVerifiedText(const VerifyCommandOptions& options,
                       const VerifiedTarget& verified, Context& context) {
  const VerifyReport& report = verified.report;
  if (options.quiet && verified.status() == ExitStatus::kDone) {
    return;
  }
  if (options.verbose || (context.out_is_terminal && !options.quiet)) {
    PrintReport(options, verified, context);
  } else if (!options.quiet) {
    for (const Note& note : report.notes) {
      PrintNote(context, std::string(note.name) + ": " + note.text);
    }
  }
  PrintFindings(report, context);
  context.out << (report.verified() ? "VERIFIED " : "NOT VERIFIED ")
              << EscapeForTerminal(verified.target) << ": "
              << (report.verified() ? VerifiedText(verified, options.depth())
                                    : FailedText(report))
              << '\n';
  if (!report.verified() && !options.quiet) {
    PrintNote(context,
              "keep the archive as it is; authseal-verify(1), FINDINGS, says "
              "what each finding means and what to do");
  }
}

}  // namespace authseal
