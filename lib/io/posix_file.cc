#include "lib/io/posix_file.h"

#include <algorithm>
#include <fcntl.h>
#include <limits>
#include <unistd.h>

namespace authseal {
namespace {

constexpr auto kOffsetMax =
    static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());

}  // namespace

Result<std::size_t> PosixReadableFile::ReadAt(std::uint64_t offset_bytes,
                                              MutableBytes out) const {
  std::size_t read_bytes = 0;
  while (read_bytes < out.size()) {
    // No file reaches the largest offset, and a sum beyond it is refused.
    if (offset_bytes >= kOffsetMax) {
      break;
    }
    const auto want_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(
        out.size() - read_bytes, kOffsetMax - offset_bytes));
    const ssize_t count = RetryInterrupted([&] {
      return ::pread(descriptor_.get(), out.data() + read_bytes, want_bytes,
                     static_cast<off_t>(offset_bytes));
    });
    if (count < 0) {
      return ErrnoError(errno, "read", name_);
    }
    if (count == 0) {
      break;
    }
    read_bytes += static_cast<std::size_t>(count);
    offset_bytes += static_cast<std::uint64_t>(count);
  }
  return read_bytes;
}

Result<FileInfo> PosixReadableFile::Info() const {
  return InfoOf(descriptor_, name_);
}

Status PosixReadableFile::DropCache() const {
  // Dirty pages stay, so the writer syncs first.
  const int error_number =
      ::posix_fadvise(descriptor_.get(), 0, 0, POSIX_FADV_DONTNEED);
  const bool has_no_cache = error_number == EINVAL || error_number == ENOSYS ||
                            error_number == EOPNOTSUPP;
  if (error_number != 0 && !has_no_cache) {
    return ErrnoError(error_number, "drop the cache of", name_);
  }
  return Ok();
}

void PosixReadableFile::WillRead(std::uint64_t offset_bytes,
                                 std::uint64_t size_bytes) const {
  if (offset_bytes < kOffsetMax && size_bytes < kOffsetMax - offset_bytes) {
    static_cast<void>(
        ::posix_fadvise(descriptor_.get(), static_cast<off_t>(offset_bytes),
                        static_cast<off_t>(size_bytes), POSIX_FADV_WILLNEED));
  }
}

Status WriteAll(const Descriptor& descriptor, std::string_view name,
                Bytes bytes, std::uint64_t& written_bytes) {
  while (!bytes.empty()) {
    const ssize_t count = RetryInterrupted(
        [&] { return ::write(descriptor.get(), bytes.data(), bytes.size()); });
    if (count < 0) {
      return ErrnoError(errno, "write", name);
    }
    if (count == 0) {  // POSIX does not say what it would mean; do not spin
      return Error{ErrorCode::kIo,
                   "write " + std::string(name) + ": nothing was written"};
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    written_bytes += static_cast<std::uint64_t>(count);
  }
  return Ok();
}

Status SyncDataOf(const Descriptor& descriptor, std::string_view name) {
  if (RetryInterrupted([&] { return ::fdatasync(descriptor.get()); }) != 0) {
    return ErrnoError(errno, "sync", name);
  }
  return Ok();
}

Status PosixWritableFile::CheckUsable() const {
  if (sync_failed_) {
    return Error{ErrorCode::kIo,
                 "write " + name_ + ": an earlier sync of it failed",
                 "what reached the disk is unknown: stop, then start again"};
  }
  return Ok();
}

Status PosixWritableFile::Append(Bytes bytes) {
  TRY(CheckUsable());
  return WriteAll(descriptor_, name_, bytes, size_bytes_);
}

Status PosixWritableFile::SyncData() {
  TRY(CheckUsable());
  Status status = SyncDataOf(descriptor_, name_);
  sync_failed_ = !status.has_value();
  return status;
}

Status PosixWritableFile::Truncate(std::uint64_t size_bytes) {
  TRY(CheckUsable());
  if (size_bytes > size_bytes_) {
    return Error{ErrorCode::kInvalidArgument,
                 "truncate " + name_ + ": would make it longer"};
  }
  const int result = RetryInterrupted([&] {
    return ::ftruncate(descriptor_.get(), static_cast<off_t>(size_bytes));
  });
  if (result != 0) {
    return ErrnoError(errno, "truncate", name_);
  }
  size_bytes_ = size_bytes;
  return Ok();
}

Status PosixWritableFile::SetMode(std::uint32_t mode) {
  TRY(CheckUsable());
  return SetModeOf(descriptor_, name_, mode);
}

}  // namespace authseal
