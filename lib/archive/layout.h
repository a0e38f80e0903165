// Names of an archive's files; pure. See authseal-format(5), FILES.
#ifndef AUTHSEAL_ARCHIVE_LAYOUT_H_
#define AUTHSEAL_ARCHIVE_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace authseal {

inline constexpr std::string_view kArchiveNoteName = "archive.note";
inline constexpr std::string_view kSegmentsName = "segments";
inline constexpr std::string_view kCheckpointsName = "checkpoints";
inline constexpr std::string_view kSalvageName = "salvage";

std::string SealedSegmentName(std::uint64_t first_record);
std::string OpenSegmentName(std::uint64_t first_record);
std::string IndexName(std::uint64_t first_record);
std::string CheckpointName(std::uint64_t tree_size);
std::string TimestampRequestName(std::uint64_t tree_size);
std::string TimestampReplyName(std::uint64_t tree_size);

enum class SegmentFileKind {
  kSealed,
  kOpen,
  kIndex,
  kTemporary
};
struct SegmentFileName {
  SegmentFileKind kind = SegmentFileKind::kSealed;
  std::uint64_t first_record = 0;  // not of kTemporary
};
// Empty for a name that has no place in segments/.
std::optional<SegmentFileName> ParseSegmentFileName(std::string_view name);

enum class CheckpointFileKind {
  kNote,
  kCosignatures,
  kTimestampRequest,
  kTimestampReply
};
struct CheckpointFileName {
  CheckpointFileKind kind = CheckpointFileKind::kNote;
  std::uint64_t tree_size = 0;
};
std::optional<CheckpointFileName> ParseCheckpointFileName(
    std::string_view name);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_LAYOUT_H_
