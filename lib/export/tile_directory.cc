#include "lib/export/tile_directory.h"

#include <algorithm>
#include <utility>

#include "lib/export/out_path.h"
#include "lib/note/signed_note.h"

namespace authseal {

namespace {

constexpr std::uint32_t kDirectoryMode = 0755;
constexpr std::uint32_t kFileMode = 0644;
constexpr std::string_view kTileName = "tile";
constexpr std::string_view kCheckpointFileName = "checkpoint";

std::string Joined(const std::vector<std::string>& path, std::size_t parts) {
  std::string joined;
  for (std::size_t i = 0; i < parts; ++i) {
    joined += (i == 0 ? "" : "/") + path[i];
  }
  return joined;
}

// Opens a folder, and makes it where it is not there. Durable also where an
// earlier export was killed before it said so.
Result<std::unique_ptr<Directory>> OpenOrMake(Directory& parent,
                                              std::string_view name) {
  Status made = parent.MakeDirectory(name, kDirectoryMode);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) {
    return std::move(made).error();
  }
  TRY(parent.Sync());
  return parent.OpenDirectory(name);
}

Status CheckIsTiledLog(const Directory& root, std::string_view path) {
  TRY_ASSIGN(const std::vector<std::string> names, root.List());
  const std::string temporary =
      std::string(kCheckpointFileName) + std::string(kTemporaryFileSuffix);
  for (const std::string& name : names) {
    if (name != kTileName && name != kCheckpointFileName && name != temporary) {
      return Error{ErrorCode::kAlreadyExists,
                   std::string(path) +
                       " exists and holds more than a tiled "
                       "log: " +
                       name,
                   "choose a new --out, or one that was exported before"};
    }
  }
  return Ok();
}

// Whole under its own name or not there; durable with the folder's next sync.
Status WriteTile(Directory& folder, const std::string& name, Bytes bytes) {
  const std::string temporary = name + std::string(kTemporaryFileSuffix);
  auto file =
      folder.OpenWrite(temporary, OpenMode::kCreateExclusive, kFileMode);
  if (!file && file.error().code == ErrorCode::kAlreadyExists) {
    // Left by a crash; nothing reads it.
    TRY(folder.Remove(temporary));
    file = folder.OpenWrite(temporary, OpenMode::kCreateExclusive, kFileMode);
  }
  if (!file) {
    return std::move(file).error();
  }
  TRY((*file)->Append(bytes));
  TRY((*file)->SyncData());
  return folder.Rename(temporary, name);
}

// Whether it is there with these bytes. Error kDamaged: with others.
Result<bool> IsThere(const Directory& folder, const std::string& name,
                     Bytes bytes, const std::string& path) {
  const Result<ByteVector> there = ReadWholeFile(folder, name, bytes.size());
  if (there.has_value() &&
      std::equal(there->begin(), there->end(), bytes.begin(), bytes.end())) {
    return true;
  }
  if (!there.has_value() && there.error().code == ErrorCode::kNotFound) {
    return false;
  }
  if (!there.has_value() && there.error().code != ErrorCode::kDamaged) {
    return there.error();
  }
  return Error{ErrorCode::kDamaged,
               path +
                   " in --out is not what the archive gives: it was "
                   "changed, or is of another history",
               "keep both; compare their checkpoints with authseal compare"};
}

}  // namespace

Result<TileDirectory> TileDirectory::Open(FileSystem& file_system,
                                          std::string_view path) {
  const OutPath parts = SplitOutPath(path);
  TRY(CheckNotInsideArchive(file_system, parts));
  TRY_ASSIGN(const auto parent, file_system.OpenDirectory(parts.parent));
  TileDirectory directory;
  TRY_ASSIGN(directory.root_, OpenOrMake(*parent, parts.name));
  TRY(CheckIsTiledLog(*directory.root_, path));
  Result<ByteVector> note =
      ReadWholeFile(*directory.root_, kCheckpointFileName, kNoteSizeBytesMax);
  if (note.has_value()) {
    directory.checkpoint_ = std::string(AsText(*note));
  } else if (note.error().code != ErrorCode::kNotFound) {
    return std::move(note).error();
  }
  return directory;
}

Result<TileDirectory::Folder*> TileDirectory::Enter(
    const std::vector<std::string>& path) {
  const std::string wanted = Joined(path, path.size() - 1);
  Folder& folder = folders_[path[1]];
  if (folder.directory != nullptr && folder.path == wanted) {
    return &folder;
  }
  if (folder.directory != nullptr) {
    TRY(folder.directory->Sync());
  }
  std::unique_ptr<Directory> at;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    TRY_ASSIGN(auto next, OpenOrMake(at == nullptr ? *root_ : *at, path[i]));
    at = std::move(next);
  }
  folder.path = wanted;
  folder.directory = std::move(at);
  return &folder;
}

Status TileDirectory::Put(const std::vector<std::string>& path, Bytes bytes) {
  TRY_ASSIGN(Folder * folder, Enter(path));
  TRY_ASSIGN(const bool there, IsThere(*folder->directory, path.back(), bytes,
                                       Joined(path, path.size())));
  return there ? Ok() : WriteTile(*folder->directory, path.back(), bytes);
}

Status TileDirectory::Finish(std::string_view note) {
  for (auto& [row, folder] : folders_) {
    TRY(folder.directory->Sync());
  }
  if (checkpoint_ == note) {
    return Ok();
  }
  return WriteFileDurably(*root_, kCheckpointFileName, AsBytes(note),
                          kFileMode);
}

}  // namespace authseal
