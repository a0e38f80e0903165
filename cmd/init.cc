// authseal init: makes an archive and its keys.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "lib/archive/archive_writer.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct InitOptions {
  std::string archive;
  std::string origin;
  std::string keys;
  bool json = false;
};

void PrintJson(const InitOptions& options, const std::string& keys_path,
               const InitResult& made, Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/init@1");
  out.Name("archive").String(options.archive);
  out.Name("origin").String(options.origin);
  out.Name("verification_key").String(made.verification_key);
  out.Name("genesis").String(HexEncode(made.genesis.view()));
  out.Name("keys").String(keys_path).End();
  context.out << out.text() << '\n';
}

void PrintText(const InitOptions& options, const std::string& keys_path,
               const InitResult& made, Context& context) {
  const std::string public_path = keys_path + "/identity.pub";
  context.out << "archive           " << EscapeForTerminal(options.archive)
              << "\nkeys              " << EscapeForTerminal(keys_path)
              << "\nverification key  "
              << EscapeForTerminal(made.verification_key)
              << "\ngenesis           " << HexEncode(made.genesis.view())
              << "\n\nGive " << EscapeForTerminal(public_path)
              << " to whoever will verify, and keep a copy off this host:\n\n"
              << "  authseal verify " << EscapeForTerminal(options.archive)
              << " --key identity.pub\n";
}

Result<ExitStatus> RunInit(const InitOptions& options, Context& context) {
  const std::string keys_path = options.keys.empty()
                                    ? KeyStore::DefaultPath(options.archive)
                                    : options.keys;
  TRY_ASSIGN(const InitResult made,
             InitArchive(context.file_system, options.archive, keys_path,
                         options.origin));
  if (options.json) {
    PrintJson(options, keys_path, made, context);
  } else {
    PrintText(options, keys_path, made, context);
  }
  return ExitStatus::kDone;
}

}  // namespace

void RegisterInit(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command =
      app.add_subcommand("init", "Make an archive and its keys");
  command->add_option("archive", options->archive, "Directory to make")
      ->required();
  command
      ->add_option("--origin", options->origin,
                   "Name of this log, for instance example.com/okta; also the "
                   "name of its key")
      ->required();
  command->add_option("--keys", options->keys,
                      "Key directory to make (default: ARCHIVE.keys)");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"init", options->json,
              [options, &context] { return RunInit(*options, context); }};
  });
}

}  // namespace authseal
