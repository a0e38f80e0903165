// The files that host and signer exchange; '-' is standard input or output, so
// that a pipe through ssh carries them. Nothing in them is secret.
#ifndef AUTHSEAL_CMD_EXCHANGE_FILE_H_
#define AUTHSEAL_CMD_EXCHANGE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "cmd/context.h"
#include "lib/base/result.h"

namespace authseal {

// Errors: kDamaged (longer than `limit_bytes`), kNotFound, kIo.
Result<std::string> ReadExchangeFile(Context& context,
                                     const std::string& source,
                                     std::size_t limit_bytes);
// A file appears whole, replacing what was there.
Status WriteExchangeFile(Context& context, const std::string& target,
                         std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_EXCHANGE_FILE_H_
