// VerifyArchiveAt: an archive that is too damaged to be opened is a finding
// too.
#include <utility>

#include "lib/archive/layout.h"
#include "lib/verify/archive_verifier.h"

namespace authseal {
namespace {

bool IsDirectoryMissing(FileSystem& file_system, const std::string& path) {
  const auto info = file_system.Info(path);
  return info.has_value() ? info->type != FileInfo::Type::kDirectory
                          : info.error().code == ErrorCode::kNotFound;
}

void Add(FindingKind kind, std::string_view file, std::string text,
         VerifyReport& report) {
  report.findings.push_back({kind, std::string(file), std::nullopt,
                             std::nullopt, std::nullopt, std::move(text)});
  ++report.findings_total;
}

VerifyReport ReportUnopened(FileSystem& file_system, std::string_view path,
                            const VerifyOptions& options, const Error& error) {
  VerifyReport report;
  if (options.pin.key.has_value()) {
    report.key = *options.pin.key;
    report.origin = report.key.name;
  }
  report.genesis = options.pin.genesis.value_or(Hash{});
  if (error.code == ErrorCode::kNotArchive) {
    Add(FindingKind::kFileMissing, kArchiveNoteName,
        "the note that the archive begins with is missing", report);
  }
  for (const std::string_view name : {kSegmentsName, kCheckpointsName}) {
    if (IsDirectoryMissing(file_system,
                           std::string(path) + "/" + std::string(name))) {
      Add(FindingKind::kFileMissing, name, "the directory is missing", report);
    }
  }
  if (report.findings.empty()) {
    Add(FindingKind::kKeyChanged, kArchiveNoteName,
        "the note that the archive begins with cannot be read: " +
            error.message,
        report);
  }
  report.not_checked.emplace_back(
      "everything else: without what is missing, nothing can be checked");
  return report;
}

}  // namespace

Result<VerifyReport> VerifyArchiveAt(FileSystem& file_system,
                                     std::string_view path,
                                     const VerifyOptions& options) {
  const Result<ArchiveReader> archive = ArchiveReader::Open(file_system, path);
  if (archive.has_value()) {
    return VerifyArchive(*archive, options);
  }
  // What has both directories was an archive.
  const std::string below = std::string(path) + "/";
  const bool was_archive =
      archive.error().code == ErrorCode::kNotArchive &&
      !IsDirectoryMissing(file_system, below + std::string(kSegmentsName)) &&
      !IsDirectoryMissing(file_system, below + std::string(kCheckpointsName));
  if (was_archive || archive.error().code == ErrorCode::kDamaged) {
    return ReportUnopened(file_system, path, options, archive.error());
  }
  return archive.error();
}

}  // namespace authseal
