#include "lib/signing/memory_check.h"

#include <string>
#include <utility>

namespace authseal {
namespace {

std::optional<Finding> Found(FindingKind kind, std::string text) {
  return Finding{.kind = kind,
                 .file = "request",
                 .offset_bytes = std::nullopt,
                 .block = std::nullopt,
                 .records = std::nullopt,
                 .text = std::move(text)};
}

std::string InWords(const SigningPoint& point) {
  return std::to_string(point.size) + " records after " +
         std::to_string(point.epoch) + (point.epoch == 1 ? " seal" : " seals");
}

}  // namespace

Result<std::optional<Finding>> CheckAgainstMemory(const SigningRequest& request,
                                                  const SigningPoint& last) {
  const SigningPoint newest = request.newest();
  if (request.from.epoch > last.epoch) {
    return Error{ErrorCode::kInvalidArgument,
                 "the request begins at " + std::to_string(request.from.size) +
                     " records, and this signer signed last at " +
                     std::to_string(last.size),
                 "ask the host for 'authseal seal ARCHIVE --request FILE "
                 "--from " +
                     std::to_string(last.size) +
                     "'; if nobody else may have signed in between, find out "
                     "who did"};
  }
  if (newest.epoch < last.epoch ||
      last.epoch - request.from.epoch > request.seals.size()) {
    return Found(FindingKind::kRollback, "the log ends at " + InWords(newest) +
                                             ", and this signer has signed " +
                                             InWords(last));
  }
  const SigningPoint there =
      last.epoch == request.from.epoch
          ? request.from
          : PointAfter(
                request.seals[last.epoch - request.from.epoch - 1].footer);
  if (there.size != last.size || there.root != last.root) {
    return Found(FindingKind::kFork,
                 "the log had " + InWords(there) +
                     ", and this signer has signed another tree there, of " +
                     std::to_string(last.size) + " records");
  }
  if (there.epoch_key != last.epoch_key) {
    return Found(FindingKind::kEpochKeyMismatch,
                 "the key of epoch " + std::to_string(last.epoch) +
                     " is not the one this signer was shown before");
  }
  return std::optional<Finding>();
}

}  // namespace authseal
