#include "lib/archive/durable_copy.h"

#include <algorithm>
#include <string>
#include <utility>

namespace authseal {
namespace {

constexpr std::size_t kChunkSizeBytes = 1u << 20;

// The next bytes of `extent` from `done_bytes` on, replacing `chunk`.
Status ReadChunk(const ReadableFile& from, const ByteExtent& extent,
                 std::uint64_t done_bytes, ByteVector& chunk) {
  chunk.resize(static_cast<std::size_t>(std::min<std::uint64_t>(
      kChunkSizeBytes, extent.size_bytes - done_bytes)));
  TRY_ASSIGN(const std::size_t count,
             from.ReadAt(extent.offset_bytes + done_bytes, chunk));
  if (count != chunk.size()) {
    return Error{ErrorCode::kDamaged, "the file is shorter than expected"};
  }
  return Ok();
}

Status CopyBytes(const ReadableFile& from, const ByteExtent& extent,
                 WritableFile& to) {
  ByteVector chunk;
  std::uint64_t done_bytes = 0;
  while (done_bytes < extent.size_bytes) {
    TRY(ReadChunk(from, extent, done_bytes, chunk));
    TRY(to.Append(chunk));
    done_bytes += chunk.size();
  }
  return Ok();
}

}  // namespace

Result<std::unique_ptr<WritableFile>> CreateTemporary(Directory& directory,
                                                      std::string_view name,
                                                      std::uint32_t mode) {
  auto file = directory.OpenWrite(name, OpenMode::kCreateExclusive, mode);
  if (!file.has_value() && file.error().code == ErrorCode::kAlreadyExists) {
    TRY(directory.Remove(name));
    file = directory.OpenWrite(name, OpenMode::kCreateExclusive, mode);
  }
  return file;
}

Status CopyDurably(const ReadableFile& from, const ByteExtent& extent,
                   Bytes tail, Directory& directory, std::string_view name,
                   std::uint32_t mode) {
  const std::string temporary =
      std::string(name) + std::string(kTemporaryFileSuffix);
  TRY_ASSIGN(const auto to, CreateTemporary(directory, temporary, mode));
  TRY(CopyBytes(from, extent, *to));
  if (!tail.empty()) {
    TRY(to->Append(tail));
  }
  TRY(to->SyncData());
  TRY(directory.Rename(temporary, name));
  return directory.Sync();
}

Result<bool> HasSameBytes(const ReadableFile& from, const ByteExtent& extent,
                          const Directory& directory, std::string_view name) {
  TRY_ASSIGN(const auto other, directory.OpenRead(name));
  TRY_ASSIGN(const FileInfo info, other->Info());
  if (info.size_bytes != extent.size_bytes) {
    return false;
  }
  ByteVector ours;
  ByteVector theirs;
  std::uint64_t done_bytes = 0;
  while (done_bytes < extent.size_bytes) {
    TRY(ReadChunk(from, extent, done_bytes, ours));
    theirs.resize(ours.size());
    TRY_ASSIGN(const std::size_t count, other->ReadAt(done_bytes, theirs));
    if (count != theirs.size() || ours != theirs) {
      return false;
    }
    done_bytes += ours.size();
  }
  return true;
}

}  // namespace authseal
