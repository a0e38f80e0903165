// Files that a user names on the command line: read with a limit, written so
// that they appear whole or not at all and replace nothing.
#ifndef AUTHSEAL_CMD_USER_FILE_H_
#define AUTHSEAL_CMD_USER_FILE_H_

#include <cstdint>
#include <string>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// Errors: kNotFound, kInvalidArgument (longer than the limit), kIo.
Result<ByteVector> ReadUserFile(FileSystem& file_system,
                                const std::string& path,
                                std::uint64_t limit_bytes);

// Durable on return. Errors: kAlreadyExists, kNotFound (its directory), kIo.
Status CreateUserFile(FileSystem& file_system, const std::string& path,
                      Bytes bytes, std::uint32_t mode);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_USER_FILE_H_
