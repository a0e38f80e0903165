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
Result<std::vector<DirectoryEntry>> ListStable(const Directory& directory) {
  TRY_ASSIGN(std::vector<DirectoryEntry> entries, directory.ListEntries());
  for (int attempt = 1; attempt < kListAttemptsMax; ++attempt) {
    TRY_ASSIGN(std::vector<DirectoryEntry> again, directory.ListEntries());
    if (again == entries) {
      break;
    }
    entries = std::move(again);
  }
  return entries;
}

// Not a link, a directory, a device.
bool IsRegular(const DirectoryEntry& entry) {
  return entry.type == FileInfo::Type::kRegular;
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
  TRY_ASSIGN(const auto entries, ListStable(checkpoints));
  for (const DirectoryEntry& entry : entries) {
    const std::string& name = entry.name;
    const std::optional<CheckpointFileName> parsed =
        ParseCheckpointFileName(name);
    const bool regular = IsRegular(entry);
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
  TRY_ASSIGN(const auto entries, ListStable(segments));
  for (const DirectoryEntry& entry : entries) {
    const std::string& name = entry.name;
    const std::optional<SegmentFileName> parsed = ParseSegmentFileName(name);
    if (!IsRegular(entry) || !parsed.has_value()) {
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
