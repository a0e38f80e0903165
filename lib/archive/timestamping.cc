#include "lib/archive/timestamping.h"

#include <algorithm>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"
#include "lib/archive/timestamp_files.h"
#include "lib/crypto/sha256.h"
#include "lib/note/checkpoint.h"

namespace authseal {
namespace {

// Ends like a file that is being made, so readers pass over it.
constexpr std::string_view kLockName = "stamp.tmp";
constexpr std::string_view kDamagedHint =
    "keep it, run authseal verify, and move it away if it is no evidence";

std::string Below(const std::string& name) {
  return std::string(kCheckpointsName) + "/" + name;
}

Error InFile(Error error, const std::string& name) {
  const bool damaged = error.code == ErrorCode::kDamaged;
  error = std::move(error).With(Below(name));
  return damaged ? std::move(error).WithHint(kDamagedHint) : error;
}

}  // namespace

Timestamping::Timestamping(ArchiveReader archive,
                           std::unique_ptr<Directory> checkpoints)
    : archive_(std::move(archive)), checkpoints_(std::move(checkpoints)) {}

Result<Timestamping> Timestamping::Open(FileSystem& file_system,
                                        std::string_view archive_path) {
  TRY_ASSIGN(ArchiveReader archive,
             ArchiveReader::Open(file_system, archive_path));
  TRY_ASSIGN(auto checkpoints, archive.root().OpenDirectory(kCheckpointsName));
  return Timestamping(std::move(archive), std::move(checkpoints));
}

Result<std::uint64_t> Timestamping::NewestSize() const {
  TRY_ASSIGN(const ArchiveListing listing, archive_.List());
  if (listing.checkpoints.empty()) {
    return Error{ErrorCode::kNotFound, "there is no checkpoint to stamp yet",
                 "run authseal seal where the identity key is"};
  }
  return listing.checkpoints.back();
}

Result<std::vector<std::uint64_t>> Timestamping::WaitingSizes() const {
  TRY_ASSIGN(const ArchiveListing listing, archive_.List());
  std::vector<std::uint64_t> asked;
  std::vector<std::uint64_t> answered;
  for (const CheckpointFileName& extra : listing.checkpoint_extras) {
    if (extra.kind == CheckpointFileKind::kTimestampRequest) {
      asked.push_back(extra.tree_size);
    } else if (extra.kind == CheckpointFileKind::kTimestampReply) {
      answered.push_back(extra.tree_size);
    }
  }
  std::vector<std::uint64_t> waiting;
  std::copy_if(asked.begin(), asked.end(), std::back_inserter(waiting),
               [&answered](std::uint64_t size) {
                 return std::find(answered.begin(), answered.end(), size) ==
                        answered.end();
               });
  std::sort(waiting.rbegin(), waiting.rend());
  return waiting;
}

// What is stamped had better be this archive's checkpoint of that size;
// whether it is signed as well, verify tells.
Result<std::string> Timestamping::ReadNote(std::uint64_t tree_size) const {
  const std::string name = CheckpointName(tree_size);
  Result<std::string> note = archive_.ReadCheckpoint(tree_size);
  if (!note.has_value() && note.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotFound,
                 "there is no " + Below(name) + " to stamp",
                 "ls checkpoints shows the sizes that were published"};
  }
  if (!note.has_value()) {
    return InFile(std::move(note).error(), name);
  }
  const Result<SignedNote> parsed = ParseSignedNote(*note);
  const Result<Checkpoint> checkpoint =
      parsed.has_value() ? ParseCheckpointText(parsed->text)
                         : Result<Checkpoint>(parsed.error());
  if (!checkpoint.has_value()) {
    return InFile(Error(checkpoint.error()), name);
  }
  if (checkpoint->size != tree_size ||
      checkpoint->origin != archive_.note().origin) {
    return InFile({ErrorCode::kDamaged, "it is of another archive or size"},
                  name);
  }
  return note;
}

Result<std::optional<TimestampReply>> Timestamping::Find(
    std::uint64_t tree_size) const {
  TRY_ASSIGN(const std::string note, ReadNote(tree_size));
  auto request = ReadTimestampRequest(*checkpoints_, tree_size, note);
  if (!request.has_value()) {
    return InFile(std::move(request).error(), TimestampRequestName(tree_size));
  }
  auto reply = ReadTimestampReply(*checkpoints_, tree_size, note, *request);
  if (!reply.has_value()) {
    return InFile(std::move(reply).error(), TimestampReplyName(tree_size));
  }
  return reply;
}

Status Timestamping::CreateUnderLock(const std::string& name, Bytes bytes) {
  TRY_ASSIGN(const auto lock, checkpoints_->Lock(kLockName));
  Status created =
      CreateFileDurably(*checkpoints_, name, bytes, kWrittenOnceMode);
  if (!created.has_value() && created.error().code == ErrorCode::kNotFound) {
    // A writer that opens the archive sweeps temporary files up, this one too.
    created = CreateFileDurably(*checkpoints_, name, bytes, kWrittenOnceMode);
  }
  // While the lock is held; who comes next makes the file anew.
  TRY(checkpoints_->Remove(kLockName));
  if (!created.has_value() &&
      created.error().code != ErrorCode::kAlreadyExists) {
    return InFile(std::move(created).error(), name);
  }
  return Ok();
}

Result<ByteVector> Timestamping::Request(std::uint64_t tree_size, Bytes nonce) {
  const std::string name = TimestampRequestName(tree_size);
  TRY_ASSIGN(const std::string note, ReadNote(tree_size));
  auto request = ReadTimestampRequest(*checkpoints_, tree_size, note);
  if (!request.has_value()) {
    return InFile(std::move(request).error(), name);
  }
  if (!request->has_value()) {
    TRY(CreateUnderLock(
        name, EncodeTimestampRequest(Sha256Of(AsBytes(note)), nonce)));
  }
  // Read back: another process may have been faster.
  return ReadWholeFile(*checkpoints_, name, kTimestampSizeBytesMax);
}

Result<TimestampReply> Timestamping::Check(
    std::uint64_t tree_size, Bytes answer,
    const TimestampAuthorities* authorities) const {
  const std::string name = TimestampRequestName(tree_size);
  TRY_ASSIGN(const std::string note, ReadNote(tree_size));
  auto request = ReadTimestampRequest(*checkpoints_, tree_size, note);
  if (!request.has_value()) {
    return InFile(std::move(request).error(), name);
  }
  if (!request->has_value()) {
    return Error{ErrorCode::kNotFound, "there is no " + Below(name),
                 "make the request first, with authseal stamp --request"};
  }
  const auto unfit = [](const Error& error) {
    return Error{ErrorCode::kInvalidArgument, error.message,
                 "nothing was kept; ask the TSA again"};
  };
  Result<TimestampReply> reply = TimestampReply::Decode(answer);
  if (!reply.has_value()) {
    return unfit(reply.error());
  }
  const Status is_for = reply->CheckIsFor(Sha256Of(AsBytes(note)), *request);
  if (!is_for.has_value()) {
    return unfit(Status(is_for).error());
  }
  if (authorities != nullptr) {
    Status trusted = reply->Verify(*authorities);
    if (!trusted.has_value()) {
      return unfit(trusted.error());
    }
  }
  return reply;
}

Status Timestamping::Keep(std::uint64_t tree_size, Bytes answer) {
  return CreateUnderLock(TimestampReplyName(tree_size), answer);
}

}  // namespace authseal
