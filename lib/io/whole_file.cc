// Whole files: read with a limit, published durably.
//
// Publishing: openat(O_CREAT|O_EXCL) of the temporary name, fchmod, write,
// fdatasync, renameat, fsync of the directory. Until the rename a crash leaves
// at most the temporary file, which the next write of that name removes; from
// the rename on the new bytes are durable already, so whichever name survives
// is whole. When the last fsync fails it is unknown whether the new name will
// survive a power cut: the caller must stop.
#include <algorithm>
#include <limits>
#include <memory>
#include <string>

#include "lib/io/file_name.h"
#include "lib/io/file_system.h"

namespace authseal {
namespace {

constexpr std::size_t kFirstReadSizeBytesMin = 4096;
constexpr int kAttemptsMax = 3;

Error TooLong(std::string_view name, std::uint64_t limit_bytes) {
  return Error{ErrorCode::kDamaged, std::string(name) + " is longer than " +
                                        std::to_string(limit_bytes) + " bytes"};
}

Status WriteTemporary(Directory& directory, const std::string& temporary,
                      Bytes bytes, std::uint32_t mode) {
  auto file = directory.OpenWrite(temporary, OpenMode::kCreateExclusive, mode);
  if (!file.has_value() && file.error().code == ErrorCode::kAlreadyExists) {
    // Left by a crash: one writer of a name at a time is the caller's promise.
    const Status removed = directory.Remove(temporary);
    if (!removed.has_value() && removed.error().code != ErrorCode::kNotFound) {
      return removed;
    }
    file = directory.OpenWrite(temporary, OpenMode::kCreateExclusive, mode);
  }
  if (!file.has_value()) {
    return std::move(file).error();
  }
  TRY((*file)->Append(bytes));
  return (*file)->SyncData();
}

}  // namespace

Result<ByteVector> ReadWholeFile(const Directory& directory,
                                 std::string_view name,
                                 std::uint64_t limit_bytes) {
  TRY_ASSIGN(const auto file, directory.OpenRead(name));
  TRY_ASSIGN(const FileInfo info, file->Info());
  if (info.size_bytes > limit_bytes) {
    return TooLong(name, limit_bytes);
  }
  // One byte more than expected: a short read shows the end. The file may
  // grow meanwhile, so the buffer does too.
  const std::uint64_t largest = std::min<std::uint64_t>(
      limit_bytes, std::numeric_limits<std::ptrdiff_t>::max() - 1);
  ByteVector bytes;
  std::size_t end = 0;
  std::uint64_t want =
      std::max<std::uint64_t>(info.size_bytes + 1, kFirstReadSizeBytesMin);
  while (true) {
    bytes.resize(static_cast<std::size_t>(std::min(want, largest + 1)));
    TRY_ASSIGN(const std::size_t count,
               file->ReadAt(end, MutableBytes(bytes).subspan(end)));
    end += count;
    if (end < bytes.size()) {
      bytes.resize(end);
      return bytes;
    }
    if (end > limit_bytes) {
      return TooLong(name, limit_bytes);
    }
    want = std::uint64_t{bytes.size()} * 2;
  }
}

Status WriteFileDurably(Directory& directory, std::string_view name,
                        Bytes bytes, std::uint32_t mode) {
  TRY(CheckFileName(name));
  const std::string temporary =
      std::string(name) + std::string(kTemporaryFileSuffix);
  Status status = Ok();
  for (int attempt = 1; attempt <= kAttemptsMax; ++attempt) {
    status = WriteTemporary(directory, temporary, bytes, mode);
    if (!status.has_value()) {
      break;
    }
    status = directory.Rename(temporary, name);
    // Gone only when a writer that starts has cleared away what it took for a
    // crash's: made again.
    if (status.has_value() || status.error().code != ErrorCode::kNotFound) {
      break;
    }
  }
  if (!status.has_value()) {
    // Best effort; the next write of this name tries again.
    static_cast<void>(directory.Remove(temporary));
    return status;
  }
  return directory.Sync();
}

Status CreateFileDurably(Directory& directory, std::string_view name,
                         Bytes bytes, std::uint32_t mode) {
  const auto info = directory.Info(name);
  if (info.has_value()) {
    return Error{ErrorCode::kAlreadyExists,
                 std::string(name) + " is there already"};
  }
  if (info.error().code != ErrorCode::kNotFound) {
    return info.error();
  }
  return WriteFileDurably(directory, name, bytes, mode);
}

}  // namespace authseal
