#include "lib/export/new_folder.h"

#include <utility>
#include <vector>

#include "lib/export/out_path.h"

namespace authseal {

namespace {

constexpr std::uint32_t kDirectoryMode = 0755;
constexpr std::uint32_t kFileMode = 0644;

}  // namespace

Result<NewFolder> NewFolder::Create(FileSystem& file_system,
                                    std::string_view path) {
  const OutPath parts = SplitOutPath(path);
  TRY(CheckNotInsideArchive(file_system, parts));
  NewFolder folder;
  folder.name_ = parts.name;
  folder.partial_name_ = folder.name_ + ".partial";
  TRY_ASSIGN(folder.parent_, file_system.OpenDirectory(parts.parent));
  const Result<FileInfo> there = folder.parent_->Info(folder.name_);
  if (there) {
    return Error{ErrorCode::kAlreadyExists,
                 std::string(path) + " already exists",
                 "evidence is never overwritten; choose another --out"};
  }
  if (there.error().code != ErrorCode::kNotFound) {
    return there.error();
  }
  Status made =
      folder.parent_->MakeDirectory(folder.partial_name_, kDirectoryMode);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) {
    return std::move(made).error();
  }
  TRY_ASSIGN(folder.folder_,
             folder.parent_->OpenDirectory(folder.partial_name_));
  TRY_ASSIGN(const std::vector<std::string> names, folder.folder_->List());
  if (!names.empty()) {
    return Error{
        ErrorCode::kAlreadyExists,
        std::string(path) + ".partial is left from an export that did not end",
        "remove it, or choose another --out"};
  }
  return folder;
}

Status NewFolder::Add(std::string_view name, Bytes bytes) {
  TRY_ASSIGN(const auto file,
             folder_->OpenWrite(name, OpenMode::kCreateExclusive, kFileMode));
  TRY(file->Append(bytes));
  return file->SyncData();
}

Status NewFolder::Finish() {
  TRY(folder_->Sync());
  Status placed = parent_->Rename(partial_name_, name_);
  if (placed) {
    placed = parent_->Sync();
  }
  if (!placed) {
    // Perhaps it is there and not durable: then it is not to be there.
    (void)parent_->Rename(name_, partial_name_);
  }
  return placed;
}

void NewFolder::Discard() {
  const auto names = folder_->List();
  if (names) {
    for (const std::string& name : *names) {
      (void)folder_->Remove(name);
    }
  }
}

}  // namespace authseal
