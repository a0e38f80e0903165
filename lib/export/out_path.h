// Where an export may be put.
#ifndef AUTHSEAL_EXPORT_OUT_PATH_H_
#define AUTHSEAL_EXPORT_OUT_PATH_H_

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// The directory that holds a path, and its name there.
struct OutPath {
  std::string parent;
  std::string name;
};
OutPath SplitOutPath(std::string_view path);

// An archive holds what its writer put there and nothing else, also in its
// folders; a bundle too. Error kInvalidArgument.
Status CheckNotInsideArchive(FileSystem& file_system, const OutPath& path);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_OUT_PATH_H_
