// Where a directory of evidence appears: made under another name, and put in
// its place at once and durably, or not at all. Threads: one at a time.
#ifndef AUTHSEAL_EXPORT_NEW_PLACE_H_
#define AUTHSEAL_EXPORT_NEW_PLACE_H_

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

class NewPlace {
 public:
  // Errors: kAlreadyExists when `path` is there; kInvalidArgument inside an
  // archive.
  static Result<NewPlace> Find(FileSystem& file_system, std::string_view path);

  // "<path>.partial", made, or there already.
  Result<std::unique_ptr<Directory>> OpenPartial();
  // For a partial one with files that are somebody's.
  Error Occupied() const;
  // Renames the partial one. After an error nothing is at `path`, unless the
  // file system refuses even that.
  Status Finish();

 private:
  NewPlace() = default;
  Status Rename();

  std::string path_;
  std::string name_;
  std::unique_ptr<Directory> parent_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_NEW_PLACE_H_
