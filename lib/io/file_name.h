// What every implementation of Directory accepts as a name.
#ifndef AUTHSEAL_IO_FILE_NAME_H_
#define AUTHSEAL_IO_FILE_NAME_H_

#include <cstddef>
#include <string_view>

#include "lib/base/result.h"

namespace authseal {

inline constexpr std::size_t kFileNameSizeBytesMax = 255;

// One path component: 1 to 255 bytes without '/' and NUL, not "." or "..".
// Error: kInvalidArgument.
Status CheckFileName(std::string_view name);

}  // namespace authseal

#endif  // AUTHSEAL_IO_FILE_NAME_H_
