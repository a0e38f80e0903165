#include "lib/archive/timestamp_files.h"

#include <utility>

#include "lib/archive/layout.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

Result<std::optional<ByteVector>> ReadIfThere(const Directory& checkpoints,
                                              std::string_view name) {
  Result<ByteVector> bytes =
      ReadWholeFile(checkpoints, name, kTimestampSizeBytesMax);
  if (bytes.has_value()) {
    return std::optional(*std::move(bytes));
  }
  if (bytes.error().code == ErrorCode::kNotFound) {
    return std::optional<ByteVector>();
  }
  return std::move(bytes).error();
}

}  // namespace

Result<std::optional<TimestampRequest>> ReadTimestampRequest(
    const Directory& checkpoints, std::uint64_t tree_size,
    std::string_view note) {
  TRY_ASSIGN(const auto bytes,
             ReadIfThere(checkpoints, TimestampRequestName(tree_size)));
  if (!bytes.has_value()) {
    return std::optional<TimestampRequest>();
  }
  TRY_ASSIGN(TimestampRequest request, DecodeTimestampRequest(*bytes));
  if (request.imprint != Sha256Of(AsBytes(note))) {
    return Error{ErrorCode::kDamaged, "the request is for other bytes"};
  }
  return std::optional(std::move(request));
}

Result<std::optional<TimestampReply>> ReadTimestampReply(
    const Directory& checkpoints, std::uint64_t tree_size,
    std::string_view note, const std::optional<TimestampRequest>& request) {
  TRY_ASSIGN(const auto bytes,
             ReadIfThere(checkpoints, TimestampReplyName(tree_size)));
  if (!bytes.has_value()) {
    return std::optional<TimestampReply>();
  }
  TRY_ASSIGN(TimestampReply reply, TimestampReply::Decode(*bytes));
  TRY(reply.CheckIsFor(Sha256Of(AsBytes(note)), request));
  return std::optional(std::move(reply));
}

}  // namespace authseal
