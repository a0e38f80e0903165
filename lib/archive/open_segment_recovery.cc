// RecoverOpenSegment(): keeps the valid commits, sets aside what stands behind
// them.
#include <string>
#include <utility>

#include "lib/archive/durable_copy.h"
#include "lib/archive/layout.h"
#include "lib/archive/open_segment_scan.h"
#include "lib/archive/recovery.h"

namespace authseal {
namespace {

constexpr std::uint32_t kSalvageDirectoryMode = 0750;
constexpr int kSalvageNamesMax = 1000;

Result<std::unique_ptr<Directory>> OpenSalvage(Directory& root) {
  auto salvage = root.OpenDirectory(kSalvageName);
  if (!salvage.has_value() && salvage.error().code == ErrorCode::kNotFound) {
    TRY(root.MakeDirectory(kSalvageName, kSalvageDirectoryMode));
    TRY(root.Sync());
    return root.OpenDirectory(kSalvageName);
  }
  return salvage;
}

Error Damaged(const std::string& name, std::uint64_t offset_bytes,
              std::string_view where) {
  return {ErrorCode::kDamaged,
          "segments/" + name + ": damage at byte " +
              std::to_string(offset_bytes) + ", " + std::string(where),
          "nothing was changed; restore the file from a copy, or see what "
          "'authseal recover' can save"};
}

// The valid commits in a file of their own: what a crash or a failed sync left
// of the old one on the device is not known.
Status KeepValid(const RecoveryPlace& place, const ReadableFile& file,
                 const std::string& name, std::uint64_t size_bytes) {
  if (size_bytes > 0) {
    return CopyDurably(file, {0, size_bytes}, {}, place.segments, name,
                       kOpenSegmentMode);
  }
  // An open segment has at least one block.
  TRY(place.segments.Remove(name));
  return place.segments.Sync();
}

}  // namespace

Result<std::string> SetAside(Directory& root, const ReadableFile& file,
                             std::string_view segment, const ByteExtent& torn) {
  TRY_ASSIGN(const auto salvage, OpenSalvage(root));
  const std::string stem =
      std::string(segment) + "-" + std::to_string(torn.offset_bytes);
  for (int number = 1; number <= kSalvageNamesMax; ++number) {
    const std::string name =
        stem + (number == 1 ? "" : "-" + std::to_string(number)) + ".bin";
    const auto info = salvage->Info(name);
    if (info.has_value()) {
      TRY_ASSIGN(const bool same, HasSameBytes(file, torn, *salvage, name));
      if (!same) {
        continue;
      }
    } else if (info.error().code != ErrorCode::kNotFound) {
      return info.error();
    } else {
      TRY(CopyDurably(file, torn, {}, *salvage, name, kWrittenOnceMode));
    }
    return std::string(kSalvageName) + "/" + name;
  }
  return Error{ErrorCode::kAlreadyExists, "no free name for " + stem,
               "move older files out of salvage"};
}

Result<OpenSegment> RecoverOpenSegment(const RecoveryPlace& place,
                                       const ArchiveTip& tip,
                                       const Ed25519PublicKey& key,
                                       TornTail torn_tail,
                                       RecoveryReport& report) {
  TRY_ASSIGN(const auto mark, place.keys.ReadCleanMark());
  if (!tip.open_segment_present) {
    TRY(place.keys.RemoveCleanMark());
    return OpenSegment(place.segments, tip.start);
  }
  const std::string name = OpenSegmentName(tip.start.first_record);
  TRY_ASSIGN(auto file, place.segments.OpenRead(name));
  TRY_ASSIGN(const SegmentReader segment,
             SegmentReader::Open(std::move(file), false));
  const std::uint64_t size_bytes = segment.map().file_size_bytes;
  const bool is_clean = mark == KeyStore::CleanMark{.segment_name = name,
                                                    .size_bytes = size_bytes};
  const SegmentTrust trust = {.genesis = place.archive.genesis(),
                              .epoch_key = key};
  TRY_ASSIGN(SegmentProgress valid,
             ScanOpenSegment(
                 segment, tip.start, trust,
                 is_clean ? ScanDepth::kHeaders : ScanDepth::kStoredBytes));
  const ByteExtent torn = {valid.size_bytes, size_bytes - valid.size_bytes};
  if (torn.size_bytes > 0 && (is_clean || torn_tail == TornTail::kRefuse)) {
    return Damaged(name, torn.offset_bytes, "in what was durable once");
  }
  if (torn.size_bytes > 0) {
    TRY_ASSIGN(const bool later,
               HasLaterCommit(segment, tip.start, valid, trust));
    if (later) {
      return Damaged(name, torn.offset_bytes, "before a later valid commit");
    }
  }
  TRY(place.keys.RemoveCleanMark());
  if (is_clean) {
    return OpenSegment::Resume(place.segments, tip.start, std::move(valid));
  }
  if (torn.size_bytes > 0) {
    TRY_ASSIGN(report.salvage_path,
               SetAside(place.root, segment.file(), name, torn));
    report.torn_bytes = torn.size_bytes;
  }
  TRY(KeepValid(place, segment.file(), name, valid.size_bytes));
  report.rewritten = valid.size_bytes > 0;
  if (valid.size_bytes == 0) {
    return OpenSegment(place.segments, tip.start);
  }
  return OpenSegment::Resume(place.segments, tip.start, std::move(valid));
}

}  // namespace authseal
