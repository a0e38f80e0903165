#include "lib/archive/layout.h"

#include "lib/archive/format.h"
#include "lib/base/encoding.h"
#include "lib/io/file_system.h"

namespace authseal {
namespace {

constexpr std::string_view kSealedSuffix = ".jsonl.zst";
constexpr std::string_view kOpenSuffix = ".jsonl.zst.open";
constexpr std::string_view kIndexSuffix = ".idx";
constexpr std::string_view kNoteSuffix = ".note";

std::string Numbered(std::uint64_t number, std::string_view suffix) {
  return ZeroPadded(number, kRecordNumberDigits).append(suffix);
}

// A name cut into its twelve digits and what follows them.
struct NumberedName {
  std::uint64_t number = 0;
  std::string_view suffix;
};

std::optional<NumberedName> SplitNumberedName(std::string_view name) {
  if (name.size() < kRecordNumberDigits) {
    return std::nullopt;
  }
  NumberedName split;
  for (const char digit : name.substr(0, kRecordNumberDigits)) {
    if (digit < '0' || digit > '9') {
      return std::nullopt;
    }
    split.number = split.number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  split.suffix = name.substr(kRecordNumberDigits);
  return split;
}

}  // namespace

std::string SealedSegmentName(std::uint64_t first_record) {
  return Numbered(first_record, kSealedSuffix);
}

std::string OpenSegmentName(std::uint64_t first_record) {
  return Numbered(first_record, kOpenSuffix);
}

std::string IndexName(std::uint64_t first_record) {
  return Numbered(first_record, kIndexSuffix);
}

std::string CheckpointName(std::uint64_t tree_size) {
  return Numbered(tree_size, kNoteSuffix);
}

std::string TimestampRequestName(std::uint64_t tree_size) {
  return Numbered(tree_size, ".tsq");
}

std::string TimestampReplyName(std::uint64_t tree_size) {
  return Numbered(tree_size, ".tsr");
}

std::optional<SegmentFileName> ParseSegmentFileName(std::string_view name) {
  if (name.size() > kTemporaryFileSuffix.size() &&
      name.ends_with(kTemporaryFileSuffix)) {
    return SegmentFileName{SegmentFileKind::kTemporary, 0};
  }
  const std::optional<NumberedName> split = SplitNumberedName(name);
  if (!split.has_value()) {
    return std::nullopt;
  }
  if (split->suffix == kSealedSuffix) {
    return SegmentFileName{SegmentFileKind::kSealed, split->number};
  }
  if (split->suffix == kOpenSuffix) {
    return SegmentFileName{SegmentFileKind::kOpen, split->number};
  }
  if (split->suffix == kIndexSuffix) {
    return SegmentFileName{SegmentFileKind::kIndex, split->number};
  }
  return std::nullopt;
}

std::optional<CheckpointFileName> ParseCheckpointFileName(
    std::string_view name) {
  const std::optional<NumberedName> split = SplitNumberedName(name);
  if (!split.has_value()) {
    return std::nullopt;
  }
  if (split->suffix == kNoteSuffix) {
    return CheckpointFileName{CheckpointFileKind::kNote, split->number};
  }
  if (split->suffix == ".cosig") {
    return CheckpointFileName{CheckpointFileKind::kCosignatures, split->number};
  }
  if (split->suffix == ".tsq") {
    return CheckpointFileName{CheckpointFileKind::kTimestampRequest,
                              split->number};
  }
  if (split->suffix == ".tsr") {
    return CheckpointFileName{CheckpointFileKind::kTimestampReply,
                              split->number};
  }
  return std::nullopt;
}

}  // namespace authseal
