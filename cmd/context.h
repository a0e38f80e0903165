// What a command may touch of the world; tests give their own.
#ifndef AUTHSEAL_CMD_CONTEXT_H_
#define AUTHSEAL_CMD_CONTEXT_H_

#include <atomic>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "lib/io/clock.h"
#include "lib/io/file_system.h"

namespace authseal {

struct Context {
  int input_fd = 0;  // standard input
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  unsigned columns = 80;  // of the terminal, when there is one
  unsigned cores = 1;
  FileSystem& file_system;
  const Clock& clock;
  // The value of an environment variable; empty when unset.
  std::function<std::optional<std::string>(const std::string&)> environment;
  // Set by SIGINT and SIGTERM: finish what is durable soon, then end in order.
  const std::atomic<bool>& stop;
  // True once whoever reads standard output has gone (`… | head`).
  std::function<bool()> reader_gone;
};

}  // namespace authseal

#endif  // AUTHSEAL_CMD_CONTEXT_H_
