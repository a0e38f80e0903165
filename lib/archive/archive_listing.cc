#include "lib/archive/archive_listing.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace authseal {
namespace {

// More than a writer can seal while a directory is read.
constexpr int kListAttemptsMax = 8;

std::string Below(std::string_view directory, std::string_view name) {
  return std::string(directory) + "/" + std::string(name);
}

// readdir() may miss or repeat a file that is renamed meanwhile, so a listing
// counts when it comes out twice.
Result<std::vector<std::string>> ListStable(const Directory& directory) {
  TRY_ASSIGN(std::vector<std::string> names, directory.List());
  for (int attempt = 1; attempt < kListAttemptsMax; ++attempt) {
    TRY_ASSIGN(std::vector<std::string> again, directory.List());
    if (again == names) {
      break;
    }
    names = std::move(again);
  }
  return names;
}

// False for a link, a directory, a device. What is gone by now is left to
// whoever opens it.
Result<bool> IsRegularOrGone(const Directory& directory,
                             std::string_view name) {
  const Result<FileInfo> info = directory.Info(name);
  if (info.has_value()) {
    return info->type == FileInfo::Type::kRegular;
  }
  if (info.error().code == ErrorCode::kNotFound) {
    return true;
  }
  return info.error();
}

// The open segment is one, the last, and not sealed too; any other is left
// over from nothing a writer does.
void SetAsideWrongOpenSegments(ArchiveListing& listing) {
  std::vector<SegmentFile> kept;
  for (std::size_t i = 0; i < listing.segments.size(); ++i) {
    SegmentFile& segment = listing.segments[i];
    const bool last = i + 1 == listing.segments.size();
    const bool sealed_too =
        !kept.empty() && kept.back().first_record == segment.first_record;
    if (!segment.sealed && (!last || sealed_too)) {
      listing.unexpected.push_back(Below(kSegmentsName, segment.name));
    } else {
      kept.push_back(std::move(segment));
    }
  }
  listing.segments = std::move(kept);
}

}  // namespace

Status ListRoot(const Directory& root, ArchiveListing& listing) {
  TRY_ASSIGN(std::vector<std::string> names, root.List());
  for (std::string& name : names) {
    if (name == kSalvageName) {
      listing.salvage_present = true;
    } else if (name != kArchiveNoteName && name != kSegmentsName &&
               name != kCheckpointsName) {
      listing.unexpected.push_back(std::move(name));
    }
  }
  return Ok();
}

Status ListCheckpoints(const Directory& checkpoints, ArchiveListing& listing) {
  TRY_ASSIGN(const auto names, ListStable(checkpoints));
  for (const std::string& name : names) {
    const std::optional<CheckpointFileName> parsed =
        ParseCheckpointFileName(name);
    TRY_ASSIGN(const bool regular, IsRegularOrGone(checkpoints, name));
    if (regular && name.ends_with(kTemporaryFileSuffix)) {
      continue;  // a checkpoint that is being published, or never was
    }
    if (!regular || !parsed.has_value()) {
      listing.unexpected.push_back(Below(kCheckpointsName, name));
    } else if (parsed->kind == CheckpointFileKind::kNote) {
      listing.checkpoints.push_back(parsed->tree_size);
    } else if (parsed->kind == CheckpointFileKind::kRotation) {
      listing.rotations.push_back(parsed->tree_size);
    } else {
      listing.checkpoint_extras.push_back(*parsed);
    }
  }
  return Ok();
}

Status ListSegments(const Directory& segments, ArchiveListing& listing) {
  TRY_ASSIGN(const auto names, ListStable(segments));
  for (const std::string& name : names) {
    const std::optional<SegmentFileName> parsed = ParseSegmentFileName(name);
    TRY_ASSIGN(const bool regular, IsRegularOrGone(segments, name));
    if (!regular || !parsed.has_value()) {
      listing.unexpected.push_back(Below(kSegmentsName, name));
      continue;
    }
    switch (parsed->kind) {
      case SegmentFileKind::kSealed:
      case SegmentFileKind::kOpen:
        listing.segments.push_back({parsed->first_record,
                                    parsed->kind == SegmentFileKind::kSealed,
                                    name});
        break;
      case SegmentFileKind::kIndex:
        listing.indexes.push_back(parsed->first_record);
        break;
      case SegmentFileKind::kTemporary:
        break;
    }
  }
  SetAsideWrongOpenSegments(listing);
  return Ok();
}

}  // namespace authseal
