#include "lib/io/file_system.h"

namespace authseal {

Result<std::vector<DirectoryEntry>> Directory::ListEntries() const {
  TRY_ASSIGN(std::vector<std::string> names, List());
  std::vector<DirectoryEntry> entries;
  entries.reserve(names.size());
  for (std::string& name : names) {
    const Result<FileInfo> info = Info(name);
    if (!info.has_value() && info.error().code != ErrorCode::kNotFound) {
      return info.error();
    }
    const auto type = info.has_value() ? info->type : FileInfo::Type::kRegular;
    entries.push_back({std::move(name), type});
  }
  return entries;
}

}  // namespace authseal
