#include "lib/export/new_place.h"

#include <utility>

#include "lib/export/out_path.h"

namespace authseal {

namespace {

constexpr std::uint32_t kDirectoryMode = 0755;
constexpr std::string_view kPartialSuffix = ".partial";

}  // namespace

Result<NewPlace> NewPlace::Find(FileSystem& file_system,
                                std::string_view path) {
  const OutPath parts = SplitOutPath(path);
  TRY(CheckNotInsideArchive(file_system, parts));
  NewPlace place;
  place.path_ = path;
  place.name_ = parts.name;
  TRY_ASSIGN(place.parent_, file_system.OpenDirectory(parts.parent));
  const Result<FileInfo> there = place.parent_->Info(place.name_);
  if (there) {
    return Error{ErrorCode::kAlreadyExists, place.path_ + " already exists",
                 "evidence is never overwritten; choose another --out"};
  }
  if (there.error().code != ErrorCode::kNotFound) {
    return there.error();
  }
  return place;
}

Result<std::unique_ptr<Directory>> NewPlace::OpenPartial() {
  const std::string partial = name_ + std::string(kPartialSuffix);
  Status made = parent_->MakeDirectory(partial, kDirectoryMode);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) {
    return std::move(made).error();
  }
  return parent_->OpenDirectory(partial);
}

Error NewPlace::Occupied() const {
  return {ErrorCode::kAlreadyExists,
          path_ + std::string(kPartialSuffix) +
              " is left from an export that did not end",
          "remove it, or choose another --out"};
}

Status NewPlace::Finish() {
  Status placed = Rename();
  if (!placed) {
    // Perhaps it is there and not durable: then it is not to be there.
    (void)parent_->Rename(name_, name_ + std::string(kPartialSuffix));
  }
  return placed;
}

Status NewPlace::Rename() {
  TRY(parent_->Rename(name_ + std::string(kPartialSuffix), name_));
  return parent_->Sync();
}

}  // namespace authseal
