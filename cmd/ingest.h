// Options of ingest that have a language of their own.
#ifndef AUTHSEAL_CMD_INGEST_H_
#define AUTHSEAL_CMD_INGEST_H_

#include <cstdint>
#include <string_view>

#include "lib/base/result.h"

namespace authseal {

// "90s" "30m" "1h" "7d", at least a second. Error: kInvalidArgument.
Result<std::int64_t> ParseSealInterval(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_INGEST_H_
