#include "cmd/run_main.h"

#include <algorithm>
#include <array>
#include <exception>
#include <new>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/output.h"

namespace authseal {

namespace {

constexpr const char* kVersionFlag = "--version";
constexpr const char* kFooter =
    "Exit status: 0 done, 1 findings, 2 usage, 3 weaker than required,\n"
    "4 done with unparsed input or unsealed records, 5 nothing matched,\n"
    "10 no archive, 11 locked, 12 key, 13 newer format, 70 bug, 74 I/O,\n"
    "75 try again. See authseal(1).";

struct NamedCommand {
  std::string_view name;  // as its function calls it
  void (*add)(CLI::App& app, Context& context, Command& chosen);
};

// In the order of --help.
constexpr std::array<NamedCommand, 17> kCommands = {{
    {"init", RegisterInit},
    {"ingest", RegisterIngest},
    {"seal", RegisterSeal},
    {"sign", RegisterSign},
    {"key", RegisterKey},
    {"verify", RegisterVerify},
    {"compare", RegisterCompare},
    {"query", RegisterQuery},
    {"export", RegisterExport},
    {"stamp", RegisterStamp},
    {"status", RegisterStatus},
    {"rotate", RegisterRotate},
    {"reopen", RegisterReopen},
    {"recover", RegisterRecover},
    {"mappings", RegisterMappings},
    {"cosign", RegisterCosign},
    {"witness", RegisterWitness},
}};

// All of them, or the only one that the first word leaves: to declare the
// options of all takes a good part of the time that a small query takes.
void RegisterCommands(const std::vector<std::string>& arguments, CLI::App& app,
                      Context& context, Command& chosen) {
  if (arguments.size() == 1 && arguments.front() == kVersionFlag) {
    return;
  }
  const auto named = std::find_if(
      kCommands.begin(), kCommands.end(), [&](const NamedCommand& command) {
        return !arguments.empty() && command.name == arguments.front();
      });
  if (named != kCommands.end()) {
    named->add(app, context, chosen);
    return;
  }
  for (const NamedCommand& command : kCommands) {
    command.add(app, context, chosen);
  }
}

// --json as a word of the command line counts even when parsing failed.
bool AsksForJson(const std::vector<std::string>& arguments) {
  return std::find(arguments.begin(), arguments.end(), "--json") !=
         arguments.end();
}

ExitStatus ReportParseError(const CLI::App& app, const CLI::ParseError& error,
                            const std::string& first_word, Context& context,
                            bool json) {
  if (error.get_exit_code() == 0) {  // --help, --version
    app.exit(error, context.out, context.err);
    return ExitStatus::kDone;
  }
  std::string message = error.what();
  if (!message.empty() && message.back() == '\n') {
    message.pop_back();
  }
  if (app.get_subcommands().empty() && !first_word.starts_with('-')) {
    message = "there is no command \"" + first_word + "\"";
  }
  PrintError(context,
             Error{ErrorCode::kInvalidArgument, message,
                   "authseal --help lists the commands, authseal COMMAND "
                   "--help their options"},
             ExitStatus::kUsage, json);
  return ExitStatus::kUsage;
}

// An empty value, as of an unset shell variable, must not drop what was asked
// for: `verify --policy "$POLICY"` has to enforce one.
void RefuseEmptyValues(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      const std::vector<std::string>& values = option->results();
      if (std::find(values.begin(), values.end(), "") != values.end()) {
        throw CLI::ValidationError(option->get_name(), "an empty value");
      }
    }
    RefuseEmptyValues(*command);
  }
}

ExitStatus RunChosen(const Command& chosen, Context& context) {
  Result<ExitStatus> status = chosen.run();
  if (!status) {
    const ExitStatus exit_status = ExitStatusOf(status.error().code);
    if (context.reader_gone()) {
      return ExitStatus::kDone;  // `authseal query … | head` is no failure
    }
    PrintError(context, status.error(), exit_status, chosen.json);
    return exit_status;
  }
  return *status;
}

ExitStatus FinishOutput(ExitStatus status, Context& context) {
  context.out.flush();
  context.err.flush();
  if (!context.out.good() && !context.reader_gone()) {
    PrintError(context,
               Error{ErrorCode::kIo, "cannot write standard output",
                     "free some space or write elsewhere, then run it again"},
               ExitStatus::kIo, false);
    return ExitStatus::kIo;
  }
  return status;
}

ExitStatus ParseAndRun(std::vector<std::string> arguments, Context& context) {
  CLI::App app{
      "Keeps the logs of OAuth 2.0 and OpenID Connect servers so that a change "
      "shows.",
      "authseal"};
  app.set_version_flag(kVersionFlag, "authseal " AUTHSEAL_VERSION);
  app.require_subcommand(1);
  app.footer(kFooter);
  Command chosen;
  RegisterCommands(arguments, app, context, chosen);
  const bool json = AsksForJson(arguments);
  if (arguments.empty()) {
    context.out << app.help();
    return FinishOutput(ExitStatus::kUsage, context);
  }
  const std::string first_word = arguments.front();
  // CLI11 takes the arguments from the back.
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(std::move(arguments));
    RefuseEmptyValues(app);
  } catch (const CLI::ParseError& error) {
    return FinishOutput(ReportParseError(app, error, first_word, context, json),
                        context);
  }
  return FinishOutput(RunChosen(chosen, context), context);
}

}  // namespace

ExitStatus RunMain(std::vector<std::string> arguments, Context& context) {
  try {
    return ParseAndRun(std::move(arguments), context);
  } catch (const std::bad_alloc&) {
    context.err << "authseal: error: out of memory\n"
                   "authseal: hint: nothing was damaged; try again with more "
                   "memory or --jobs 1\n";
    return ExitStatus::kTemporary;
  } catch (const std::exception& error) {
    context.err << "authseal: error: internal: " << error.what() << '\n';
    return ExitStatus::kInternal;
  }
}

}  // namespace authseal
