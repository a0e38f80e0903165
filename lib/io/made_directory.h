// A directory that is made when it is missing, with what is missing above it.
#ifndef AUTHSEAL_IO_MADE_DIRECTORY_H_
#define AUTHSEAL_IO_MADE_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// What is made gets `mode`. Errors: those of FileSystem.
Result<std::unique_ptr<Directory>> OpenOrMakeDirectory(FileSystem& file_system,
                                                       std::string_view path,
                                                       std::uint32_t mode);

}  // namespace authseal

#endif  // AUTHSEAL_IO_MADE_DIRECTORY_H_
