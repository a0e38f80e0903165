#include "lib/export/out_path.h"

namespace authseal {

OutPath SplitOutPath(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return {".", std::string(path)};
  }
  return {std::string(path.substr(0, slash + 1)),
          std::string(path.substr(slash + 1))};
}

Status CheckNotInsideArchive(FileSystem& file_system, const OutPath& path) {
  for (const std::string_view note : {"/archive.note", "/../archive.note"}) {
    if (file_system.Info(path.parent + std::string(note))) {
      return Error{ErrorCode::kInvalidArgument,
                   path.parent + " belongs to an archive or a bundle",
                   "a file more would be a finding there; choose another "
                   "--out"};
    }
  }
  return Ok();
}

}  // namespace authseal
