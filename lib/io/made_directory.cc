#include "lib/io/made_directory.h"

namespace authseal {

Result<std::unique_ptr<Directory>> OpenOrMakeDirectory(FileSystem& file_system,
                                                       std::string_view path,
                                                       std::uint32_t mode) {
  auto opened = file_system.OpenDirectory(path);
  if (opened.has_value() || opened.error().code != ErrorCode::kNotFound) {
    return opened;
  }
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/', end + 1);
    const std::string_view part = path.substr(0, end);
    if (file_system.Info(part).has_value()) {
      continue;
    }
    const auto made = file_system.CreateDirectory(part, mode);
    if (!made.has_value() && made.error().code != ErrorCode::kAlreadyExists) {
      return made.error();
    }
  }
  return file_system.OpenDirectory(path);
}

}  // namespace authseal
