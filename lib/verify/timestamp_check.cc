#include "lib/verify/timestamp_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/archive/timestamp_files.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

// Errors that say something about the bytes; any other means that they could
// not be looked at.
bool IsDamage(const Error& error) {
  return error.code == ErrorCode::kDamaged ||
         error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kInvalidArgument;
}

class TimestampCheck {
 public:
  TimestampCheck(const VerifyOptions& options, VerifyReport& report,
                 FindingList& findings)
      : options_(options), report_(report), findings_(findings) {}

  void Invalid(std::string file, std::string text) {
    findings_.Add({FindingKind::kCheckpointInvalid, std::move(file),
                   std::nullopt, std::nullopt, std::nullopt, std::move(text)});
  }

  // A reply that is for its note.
  void Judge(const TimestampReply& reply, std::uint64_t tree_size,
             const std::string& file) {
    ++count_;
    if (options_.tsa_authorities == nullptr) {
      return;
    }
    Status trusted = reply.Verify(*options_.tsa_authorities);
    if (!trusted.has_value()) {
      Invalid(file, "the timestamp is not by an authority that was given: " +
                        trusted.error().message);
      return;
    }
    const std::vector<std::string>& policies = options_.tsa_policies;
    const std::string& policy = reply.statement().policy;
    if (!policies.empty() &&
        std::find(policies.begin(), policies.end(), policy) == policies.end()) {
      Invalid(file, "the timestamp is under policy " + policy +
                        ", which is not one that was given");
      return;
    }
    // Sizes come in order, so the newest comes last.
    report_.timestamp = {tree_size, reply.statement(), reply.tsa()};
  }

  void SayWhatWasNotChecked() {
    if (count_ == 0) {
      return;
    }
    const std::string many =
        std::to_string(count_) + (count_ == 1 ? " timestamp" : " timestamps");
    report_.not_checked.push_back(
        options_.tsa_authorities == nullptr
            ? "who signed " + many +
                  ": for their checkpoints and whole, but only --tsa-ca says "
                  "which authorities count"
            : "whether the certificates behind " + many + " were revoked");
  }

 private:
  const VerifyOptions& options_;
  VerifyReport& report_;
  FindingList& findings_;
  std::uint64_t count_ = 0;
};

std::string PathOf(const std::string& name) {
  return std::string(kCheckpointsName) + "/" + name;
}

Status CheckOne(const ArchiveReader& archive, std::uint64_t tree_size,
                TimestampCheck& check) {
  const auto note = archive.ReadCheckpoint(tree_size);
  if (!note.has_value()) {  // reported where the note is verified
    return IsDamage(note.error()) ? Ok() : Status(note.error());
  }
  auto request = ReadTimestampRequest(archive.checkpoints(), tree_size, *note);
  if (!request.has_value()) {
    if (!IsDamage(request.error())) {
      return std::move(request).error();
    }
    check.Invalid(PathOf(TimestampRequestName(tree_size)),
                  request.error().message);
  }
  const std::string reply_name = TimestampReplyName(tree_size);
  const auto reply = ReadTimestampReply(
      archive.checkpoints(), tree_size, *note,
      request.has_value() ? *request : std::optional<TimestampRequest>());
  if (!reply.has_value()) {
    if (!IsDamage(reply.error())) {
      return reply.error();
    }
    check.Invalid(PathOf(reply_name), reply.error().message);
  } else if (reply->has_value()) {
    check.Judge(**reply, tree_size, PathOf(reply_name));
  }
  return Ok();
}

}  // namespace

Status CheckTimestamps(const ArchiveReader& archive,
                       const ArchiveListing& listing,
                       const VerifyOptions& options, VerifyReport& report,
                       FindingList& findings) {
  TimestampCheck check(options, report, findings);
  std::optional<std::uint64_t> checked;  // names come in order of sizes
  for (const CheckpointFileName& extra : listing.checkpoint_extras) {
    if (extra.kind != CheckpointFileKind::kCosignatures &&
        checked != extra.tree_size) {
      checked = extra.tree_size;
      TRY(CheckOne(archive, extra.tree_size, check));
    }
  }
  check.SayWhatWasNotChecked();
  return Ok();
}

Status CheckBundleTimestamp(const BundleFiles& files, std::uint64_t tree_size,
                            const VerifyOptions& options, VerifyReport& report,
                            FindingList& findings) {
  if (!files.Has(kBundleTimestamp) || !files.Has(kBundleCheckpoint)) {
    return Ok();
  }
  TimestampCheck check(options, report, findings);
  const std::string file(kBundleTimestamp);
  const auto note = files.ReadWhole(kBundleCheckpoint, kNoteSizeBytesMax);
  const auto der = files.ReadWhole(kBundleTimestamp, kTimestampSizeBytesMax);
  if (!note.has_value() || !der.has_value()) {
    const Error& error = note.has_value() ? der.error() : note.error();
    if (!IsDamage(error)) {
      return error;
    }
    check.Invalid(file, error.message);
    return Ok();
  }
  const auto reply = TimestampReply::Decode(*der);
  const Status is_for = reply.has_value()
                            ? reply->CheckIsFor(Sha256Of(*note), std::nullopt)
                            : Status(reply.error());
  if (!is_for.has_value()) {
    check.Invalid(file, Status(is_for).error().message);
    return Ok();
  }
  check.Judge(*reply, tree_size, file);
  check.SayWhatWasNotChecked();
  return Ok();
}

}  // namespace authseal
