// How a command is declared: RegisterX adds a subcommand to the parser, and
// when the user picks it, leaves what is to be run.
#ifndef AUTHSEAL_CMD_COMMAND_H_
#define AUTHSEAL_CMD_COMMAND_H_

#include <functional>
#include <string>

#include "cmd/context.h"
#include "cmd/exit_status.h"
#include "lib/base/result.h"

namespace CLI {
class App;
}

namespace authseal {

struct Command {
  std::string name;
  bool json = false;  // --json was given: an error is an object on stdout too
  std::function<Result<ExitStatus>()> run;
};

void RegisterInit(CLI::App& app, Context& context, Command& chosen);
void RegisterIngest(CLI::App& app, Context& context, Command& chosen);
void RegisterSeal(CLI::App& app, Context& context, Command& chosen);
void RegisterVerify(CLI::App& app, Context& context, Command& chosen);
void RegisterQuery(CLI::App& app, Context& context, Command& chosen);
void RegisterExport(CLI::App& app, Context& context, Command& chosen);
void RegisterStamp(CLI::App& app, Context& context, Command& chosen);
void RegisterStatus(CLI::App& app, Context& context, Command& chosen);
void RegisterMappings(CLI::App& app, Context& context, Command& chosen);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_COMMAND_H_
