#include "lib/verify/leaf_recovery.h"

#include <algorithm>
#include <vector>

#include "lib/archive/format.h"
#include "lib/archive/segment_reader.h"
#include "lib/compress/stream_decoder.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

constexpr std::size_t kStepSizeBytes = 1u << 18;

// The frame's content, without knowing its size; empty when it is damaged or
// above a block's limit.
Result<std::optional<ByteVector>> DecompressUnsized(Bytes frame) {
  const std::optional<ByteVector> none;
  const std::unique_ptr<StreamDecoder> decoder = MakeZstdDecoder();
  ByteVector content;
  std::size_t size_bytes = 0;
  while (true) {
    content.resize(size_bytes + kStepSizeBytes);
    const auto step =
        decoder->Decode(frame, MutableBytes(content).subspan(size_bytes));
    if (!step.has_value()) {
      if (step.error().code == ErrorCode::kDamaged) {
        return none;
      }
      return step.error();
    }
    frame = frame.subspan(step->consumed_bytes);
    size_bytes += step->produced_bytes;
    if (size_bytes > kBlockContentSizeBytesMax) {
      return none;
    }
    if (step->produced_bytes < kStepSizeBytes && frame.empty()) {
      break;
    }
    if (step->produced_bytes == 0 && step->consumed_bytes == 0) {
      return none;
    }
  }
  if (!decoder->at_boundary()) {
    return none;
  }
  content.resize(size_bytes);
  return std::optional(std::move(content));
}

}  // namespace

Result<std::optional<CompactRange>> RecoverLeaves(Bytes data_frame,
                                                  std::uint64_t first_record) {
  TRY_ASSIGN(const auto content, DecompressUnsized(data_frame));
  std::vector<std::string_view> records;
  const auto count =
      content.has_value()
          ? std::count(content->begin(), content->end(), std::uint8_t{'\n'})
          : 0;
  if (count == 0 ||
      !SplitRecords(*content, static_cast<std::uint32_t>(count), records)
           .has_value()) {
    return std::optional<CompactRange>();
  }
  std::vector<Hash> leaves;
  leaves.reserve(records.size());
  for (const std::string_view record : records) {
    leaves.push_back(LeafHash(AsBytes(record)));
  }
  return std::optional(CompactRange::FromLeaves(first_record, leaves));
}

}  // namespace authseal
