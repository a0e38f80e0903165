// The program without the process: parses arguments, runs one command, maps
// every outcome to an exit status. Tests call it in process.
#ifndef AUTHSEAL_CMD_RUN_MAIN_H_
#define AUTHSEAL_CMD_RUN_MAIN_H_

#include <string>
#include <vector>

#include "cmd/context.h"
#include "cmd/exit_status.h"

namespace authseal {

// `arguments` without the program's name.
ExitStatus RunMain(std::vector<std::string> arguments, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_RUN_MAIN_H_
