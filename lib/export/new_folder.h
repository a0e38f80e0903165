// A folder of files that appears at once, durably, under its final name, or
// not at all. Threads: one at a time.
#ifndef AUTHSEAL_EXPORT_NEW_FOLDER_H_
#define AUTHSEAL_EXPORT_NEW_FOLDER_H_

#include <memory>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/export/new_place.h"
#include "lib/io/file_system.h"

namespace authseal {

class NewFolder {
 public:
  // Makes "<path>.partial", or takes an empty one that Discard() left. Errors:
  // kAlreadyExists when `path` is there, or a partial one with files in it;
  // kInvalidArgument for a place inside an archive.
  static Result<NewFolder> Create(FileSystem& file_system,
                                  std::string_view path);

  Status Add(std::string_view name, Bytes bytes);
  // Renames it to `path`. After an error nothing is there, unless the file
  // system refuses even that.
  Status Finish();
  // Removes the files made so far, as well as that goes.
  void Discard();

 private:
  NewFolder(NewPlace place, std::unique_ptr<Directory> folder);

  NewPlace place_;
  std::unique_ptr<Directory> folder_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_NEW_FOLDER_H_
