#include "lib/export/new_folder.h"

#include <utility>
#include <vector>

namespace authseal {

namespace {

constexpr std::uint32_t kFileMode = 0644;

}  // namespace

Result<NewFolder> NewFolder::Create(FileSystem& file_system,
                                    std::string_view path) {
  TRY_ASSIGN(NewPlace place, NewPlace::Find(file_system, path));
  TRY_ASSIGN(auto directory, place.OpenPartial());
  TRY_ASSIGN(const std::vector<std::string> names, directory->List());
  if (!names.empty()) {
    return place.Occupied();
  }
  return NewFolder(std::move(place), std::move(directory));
}

NewFolder::NewFolder(NewPlace place, std::unique_ptr<Directory> folder)
    : place_(std::move(place)), folder_(std::move(folder)) {}

Status NewFolder::Add(std::string_view name, Bytes bytes) {
  TRY_ASSIGN(const auto file,
             folder_->OpenWrite(name, OpenMode::kCreateExclusive, kFileMode));
  TRY(file->Append(bytes));
  return file->SyncData();
}

Status NewFolder::Finish() {
  TRY(folder_->Sync());
  return place_.Finish();
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
