// Asks a question on the controlling terminal, with echo off.
#ifndef AUTHSEAL_CMD_TERMINAL_QUESTION_H_
#define AUTHSEAL_CMD_TERMINAL_QUESTION_H_

#include <atomic>
#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/base/result.h"
#include "lib/crypto/secret.h"

namespace authseal {

// One line without its LF; empty when there is no terminal. Echo comes back on
// every way out. Errors: kTemporary (`stop` was set), kKey (longer than
// `limit_bytes`), kIo.
Result<std::optional<Secret>> AskTerminal(std::string_view question,
                                          std::size_t limit_bytes,
                                          const std::atomic<bool>& stop);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_TERMINAL_QUESTION_H_
