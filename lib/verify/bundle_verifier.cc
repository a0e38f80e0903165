#include "lib/verify/bundle_verifier.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lib/verify/bundle_files.h"
#include "lib/verify/bundle_records.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/pin_check.h"
#include "lib/verify/timestamp_check.h"

namespace authseal {
namespace {

void AddFinding(FindingKind kind, std::string_view file, std::string text,
                FindingList& findings) {
  Finding finding;
  finding.kind = kind;
  finding.file = file;
  finding.text = std::move(text);
  findings.Add(std::move(finding));
}

// A note's text. Empty when it is missing (said already) or, with a finding of
// `kind`, too long.
Result<std::optional<std::string>> ReadNote(const BundleFiles& files,
                                            std::string_view path,
                                            FindingKind kind,
                                            FindingList& findings) {
  if (!files.Has(path)) {
    return std::optional<std::string>();
  }
  const auto bytes = files.ReadWhole(path, kNoteSizeBytesMax);
  if (bytes.has_value()) {
    return std::optional<std::string>(AsText(*bytes));
  }
  if (bytes.error().code != ErrorCode::kDamaged) {
    return bytes.error();
  }
  AddFinding(kind, path, bytes.error().message, findings);
  return std::optional<std::string>();
}

Status CheckArchiveNoteFile(const BundleFiles& files, const Pin& pin,
                            VerifyReport& report, FindingList& findings) {
  TRY_ASSIGN(const auto text, ReadNote(files, kBundleArchiveNote,
                                       FindingKind::kKeyChanged, findings));
  if (!text.has_value()) {
    return Ok();
  }
  const Status version = CheckArchiveNoteVersion(*text);
  if (!version.has_value() &&
      version.error().code == ErrorCode::kNewerVersion) {
    return version;
  }
  const auto note = ParseSignedNote(*text);
  std::vector<Finding> found;
  const auto pinned =
      note.has_value() ? CheckArchiveNote(*note, pin, kBundleArchiveNote, found)
                       : Result<PinnedArchive>(note.error());
  for (Finding& finding : found) {
    findings.Add(std::move(finding));
  }
  if (pinned.has_value()) {
    report.origin = pinned->note.origin;
    report.genesis = pinned->genesis;
    return Ok();
  }
  if (pinned.error().code != ErrorCode::kDamaged) {
    return pinned.error();
  }
  AddFinding(FindingKind::kKeyChanged, kBundleArchiveNote,
             pinned.error().message, findings);
  return Ok();
}

Result<std::optional<Checkpoint>> CheckCheckpointFile(
    const BundleFiles& files, const VerificationKey& key,
    FindingList& findings) {
  TRY_ASSIGN(const auto text,
             ReadNote(files, kBundleCheckpoint, FindingKind::kCheckpointInvalid,
                      findings));
  if (!text.has_value()) {
    return std::optional<Checkpoint>();
  }
  std::vector<Finding> found;
  auto checkpoint =
      CheckCheckpointNote(*text, key.name, key, kBundleCheckpoint, found);
  for (Finding& finding : found) {
    findings.Add(std::move(finding));
  }
  return checkpoint;
}

// A bundle holds no consistency proofs, so only equal sizes can be compared.
void CompareWithKnown(const Checkpoint& checkpoint,
                      const std::vector<KnownCheckpoint>& known,
                      VerifyReport& report, FindingList& findings) {
  for (const KnownCheckpoint& one : known) {
    const Checkpoint& other = one.checkpoint;
    if (other.size == 0) {
      continue;  // nothing was accepted yet
    }
    const bool comparable =
        other.size == checkpoint.size && other.origin == checkpoint.origin;
    const bool same = comparable && other.root == checkpoint.root;
    report.known.push_back({one.source, other.size, same, comparable});
    if (comparable && !same) {
      AddFinding(FindingKind::kFork, kBundleCheckpoint,
                 "another root of " + std::to_string(other.size) +
                     " records than in the checkpoint from " + one.source,
                 findings);
    } else if (!comparable) {
      report.not_checked.push_back(
          "consistency with the checkpoint of " + other.origin + " at size " +
          std::to_string(other.size) + " from " + one.source +
          ": a bundle holds no proof of it");
    }
  }
}

Status CheckRecords(const BundleFiles& files,
                    const std::optional<Checkpoint>& checkpoint,
                    const VerifyOptions& options, VerifyReport& report,
                    FindingList& findings) {
  if (!files.Has(kBundleRecords) || !files.Has(kBundleProofs)) {
    return Ok();  // said already
  }
  TRY_ASSIGN(const auto records, files.OpenRead(kBundleRecords));
  TRY_ASSIGN(const auto proofs, files.OpenRead(kBundleProofs));
  std::unique_ptr<ReadableFile> epochs;
  if (files.Has(kBundleEpochs)) {
    TRY_ASSIGN(epochs, files.OpenRead(kBundleEpochs));
  }
  TRY_ASSIGN(BundleRecordsResult result,
             CheckBundleRecords({records.get(), proofs.get(), epochs.get()},
                                checkpoint, options.progress, findings));
  report.records = result.records;
  report.epochs = result.epochs;
  report.trustworthy = std::move(result.trustworthy);
  if (result.ranges_omitted) {
    report.notes.push_back(
        {"ranges-omitted", std::string(kBundleRecords),
         "too many separate ranges of records to list them all"});
  }
  return Ok();
}

void SayWhatWasNotChecked(const Pin& pin, bool has_checkpoint,
                          VerifyReport& report) {
  report.not_checked.emplace_back(
      "completeness: that no matching record was left out is only what "
      "data/export.json claims");
  report.not_checked.emplace_back(
      "README.txt, bag-info.txt and data/export.json are covered by "
      "checksums that anyone can make, not by a signature");
  if (!pin.genesis.has_value()) {
    report.not_checked.emplace_back(
        "genesis: none is pinned, so another archive under the same key "
        "would pass");
  }
  if (!has_checkpoint) {
    report.not_checked.emplace_back(
        "proofs: there is no valid checkpoint that they could lead to");
  }
}

Result<bool> Exists(const Directory& directory, std::string_view name,
                    FileInfo::Type type) {
  const Result<FileInfo> info = directory.Info(name);
  if (info.has_value()) {
    return info->type == type;
  }
  if (info.error().code == ErrorCode::kNotFound) {
    return false;
  }
  return info.error();
}

}  // namespace

Result<bool> IsBundle(FileSystem& file_system, std::string_view path) {
  TRY_ASSIGN(const FileInfo info, file_system.Info(path));
  if (info.type != FileInfo::Type::kDirectory) {
    return false;
  }
  TRY_ASSIGN(const auto directory, file_system.OpenDirectory(path));
  TRY_ASSIGN(const bool bagit,
             Exists(*directory, "bagit.txt", FileInfo::Type::kRegular));
  TRY_ASSIGN(const bool data,
             Exists(*directory, "data", FileInfo::Type::kDirectory));
  return bagit && data;
}

Result<VerifyReport> VerifyBundle(FileSystem& file_system,
                                  std::string_view path,
                                  const VerifyOptions& options) {
  if (!options.pin.key.has_value()) {
    return Error{ErrorCode::kKey, "no verification key to check against",
                 "give one with --key"};
  }
  VerifyReport report;
  report.key = *options.pin.key;
  report.origin = report.key.name;
  FindingList findings;
  TRY_ASSIGN(const BundleFiles files,
             BundleFiles::Open(file_system, path, findings));
  TRY(CheckArchiveNoteFile(files, options.pin, report, findings));
  TRY(files.CheckManifests(findings));
  TRY_ASSIGN(const auto checkpoint,
             CheckCheckpointFile(files, report.key, findings));
  SayWhatWasNotChecked(options.pin, checkpoint.has_value(), report);
  if (checkpoint.has_value()) {
    report.tree_size = checkpoint->size;
    report.checkpoint_size = checkpoint->size;
    report.root = checkpoint->root;
    CompareWithKnown(*checkpoint, options.known, report, findings);
    TRY(CheckBundleTimestamp(files, checkpoint->size, options, report,
                             findings));
  }
  TRY(CheckRecords(files, checkpoint, options, report, findings));
  report.findings_total = findings.total();
  report.findings = std::move(findings).Take();
  return report;
}

}  // namespace authseal
