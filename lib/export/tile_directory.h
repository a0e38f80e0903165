// The directory of a tiled log. Its files follow from the records alone, so
// one that is there already has the right bytes or belongs to another history;
// that makes it safe to go on where an export ended or crashed. The file
// `checkpoint` is replaced last, when everything it speaks of is durable: until
// then the directory is the log it was before, or none.
#ifndef AUTHSEAL_EXPORT_TILE_DIRECTORY_H_
#define AUTHSEAL_EXPORT_TILE_DIRECTORY_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

class TileDirectory {
 public:
  // Makes `path`, or opens one that holds nothing but a tiled log. Errors:
  // kAlreadyExists (something else is there), kInvalidArgument (inside an
  // archive), kIo.
  static Result<TileDirectory> Open(FileSystem& file_system,
                                    std::string_view path);

  // The note in `checkpoint`; empty in a new directory.
  const std::optional<std::string>& checkpoint() const { return checkpoint_; }

  // Writes a file unless it is there. Error kDamaged: it is, with other bytes.
  Status Put(const std::vector<std::string>& path, Bytes bytes);

  // Makes all files durable, then publishes `note`.
  Status Finish(std::string_view note);

 private:
  // The folder that the files of one row go to at the moment.
  struct Folder {
    std::string path;
    std::unique_ptr<Directory> directory;
  };

  TileDirectory() = default;
  Result<Folder*> Enter(const std::vector<std::string>& path);

  std::unique_ptr<Directory> root_;
  std::optional<std::string> checkpoint_;
  std::map<std::string, Folder> folders_;  // by row: "0", "entries"
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_TILE_DIRECTORY_H_
