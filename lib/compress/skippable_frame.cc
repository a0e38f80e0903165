#include <limits>

#include "lib/base/check.h"
#include "lib/base/coding.h"
#include "lib/compress/frame_header.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {

ByteVector EncodeSkippableFrame(std::uint32_t magic, Bytes content) {
  AUTHSEAL_CHECK(IsSkippableMagic(magic));
  AUTHSEAL_CHECK(content.size() <= std::numeric_limits<std::uint32_t>::max());
  Encoder out;
  out.U32(magic).U32(static_cast<std::uint32_t>(content.size())).Raw(content);
  return std::move(out).Take();
}

Result<Bytes> DecodeSkippableFrame(std::uint32_t magic, Bytes frame) {
  if (frame.size() < kSkippablePrefixSizeBytes) {
    return Error{ErrorCode::kDamaged, "skippable frame cut short"};
  }
  if (LoadLittleEndian(frame, kMagicSizeBytes) != magic) {
    return Error{ErrorCode::kDamaged, "skippable frame of another kind"};
  }
  const Bytes content = frame.subspan(kSkippablePrefixSizeBytes);
  if (LoadLittleEndian(frame.subspan(kMagicSizeBytes), 4) != content.size()) {
    return Error{ErrorCode::kDamaged,
                 "skippable frame of another length than it declares"};
  }
  return content;
}

}  // namespace authseal
