#include "lib/io/file_name.h"

#include <string>

namespace authseal {

Status CheckFileName(std::string_view name) {
  using std::string_view_literals::operator""sv;
  if (name.empty() || name == "." || name == "..") {
    return Error{ErrorCode::kInvalidArgument,
                 "'" + std::string(name) + "' names no file of a directory"};
  }
  if (name.size() > kFileNameSizeBytesMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "file name is longer than 255 bytes"};
  }
  if (name.find_first_of("/\0"sv) != std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument,
                 "'" + std::string(name) + "' is no single file name"};
  }
  return Ok();
}

}  // namespace authseal
