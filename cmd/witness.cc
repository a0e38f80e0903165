// authseal witness: cosigns the checkpoints of other people's logs.
#include "lib/witness/witness.h"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "lib/base/escape.h"
#include "lib/json/writer.h"
#include "lib/net/http_server.h"
#include "lib/witness/witness_key_file.h"
#include "lib/witness/witness_store.h"

namespace authseal {

namespace {

struct ServeOptions {
  std::string key;
  std::string store;
  std::vector<std::string> logs;
  std::string listen = "127.0.0.1:7380";
  bool json = false;
};

struct InitWitnessOptions {
  std::string key;
  std::string name;
  bool json = false;
};

Status CheckGiven(const std::string& value, std::string_view option) {
  if (value.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 std::string(option) + " is required",
                 "authseal witness --help lists the options"};
  }
  return Ok();
}

Result<std::vector<VerificationKey>> LoadLogKeys(
    const std::vector<std::string>& options, Context& context) {
  std::vector<VerificationKey> keys;
  for (const std::string& option : options) {
    Result<Pin> pin = LoadPin(context, option);
    if (!pin) {
      return std::move(pin).error().With("--log");
    }
    keys.push_back(*pin->key);
  }
  if (keys.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no log was named",
                 "give each log's verification key, or its identity.pub, "
                 "with --log"};
  }
  return keys;
}

void PrintStart(const ServeOptions& options, const std::string& address,
                const std::string& vkey,
                const std::vector<VerificationKey>& logs, Context& context) {
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/witness@1");
    out.Name("listen").String(address).Name("verification_key").String(vkey);
    out.Name("store").String(options.store).Name("logs").BeginArray();
    for (const VerificationKey& log : logs) {
      out.String(FormatVerificationKey(log));
    }
    out.End().End();
    context.out << out.text() << '\n';
  } else {
    context.out << "witness   " << EscapeForTerminal(vkey) << '\n';
    for (const VerificationKey& log : logs) {
      context.out << "log       " << EscapeForTerminal(log.name) << '\n';
    }
    context.out << "listening http://" << address << '\n';
  }
  context.out.flush();
}

Result<ExitStatus> RunServe(const ServeOptions& options, Context& context) {
  TRY(CheckGiven(options.key, "--key"));
  TRY(CheckGiven(options.store, "--store"));
  TRY_ASSIGN(const std::vector<VerificationKey> logs,
             LoadLogKeys(options.logs, context));
  HttpServerOptions server_options;
  server_options.body_size_bytes_max = kAddCheckpointSizeBytesMax;
  TRY(ParseListenAddress(options.listen, server_options));
  TRY_ASSIGN(const NamedSigner signer,
             LoadWitnessKey(context.file_system, options.key));
  TRY_ASSIGN(WitnessStore store,
             WitnessStore::Open(context.file_system, options.store));
  // What cannot be read is better known now than at the first request.
  for (const VerificationKey& log : logs) {
    TRY(store.Load(log.name));
  }
  Witness witness(
      store, signer, logs, context.clock, [&context](const Error& error) {
        PrintWarning(context,
                     error.message + (error.hint.empty() ? std::string()
                                                         : "; " + error.hint));
      });
  TRY_ASSIGN(const std::unique_ptr<HttpServer> server,
             HttpServer::Bind(server_options,
                              [&witness](const ServedRequest& request) {
                                return witness.Serve(request);
                              }));
  const std::string address =
      options.listen.substr(0, options.listen.rfind(':') + 1) +
      std::to_string(server->port());
  PrintStart(
      options, address,
      FormatWitnessKey(MakeWitnessKey(signer.name, signer.signer.public_key())),
      logs, context);
  TRY(server->Serve(context.stop));
  return ExitStatus::kDone;
}

Result<ExitStatus> RunInitWitness(const InitWitnessOptions& options,
                                  Context& context) {
  TRY_ASSIGN(const WitnessKey key,
             CreateWitnessKey(context.file_system, options.key, options.name));
  const std::string vkey = FormatWitnessKey(key);
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/witness-init@1");
    out.Name("key").String(options.key);
    out.Name("verification_key").String(vkey).End();
    context.out << out.text() << '\n';
  } else {
    context.out << "key       " << EscapeForTerminal(options.key)
                << "\nwitness   " << EscapeForTerminal(vkey)
                << "\n\nGive the second to whoever seals and verifies, for "
                   "their policy:\n\n  witness w1 "
                << EscapeForTerminal(vkey) << " http://HOST:PORT\n";
  }
  return ExitStatus::kDone;
}

void RegisterInitWitness(CLI::App& witness, Context& context, Command& chosen) {
  auto options = std::make_shared<InitWitnessOptions>();
  CLI::App* init =
      witness.add_subcommand("init", "Make the key of a new witness");
  init->add_option("--key", options->key, "File to make")->required();
  init->add_option("--name", options->name,
                   "Name of the witness, for instance witness.example.org/w1")
      ->required();
  init->add_flag("--json", options->json, "Print the result as JSON");
  init->callback([options, &context, &chosen] {
    chosen = {"witness", options->json, [options, &context] {
                return RunInitWitness(*options, context);
              }};
  });
}

}  // namespace

void RegisterWitness(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand(
      "witness", "Cosign the checkpoints of other people's logs");
  command->add_option("--key", options->key, "The witness's key file");
  command->add_option("--store", options->store,
                      "Directory for what was cosigned");
  command
      ->add_option("--log", options->logs,
                   "Verification key of a log, or a file with it; repeatable")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--listen", options->listen,
                      "Address and port (default: 127.0.0.1:7380)");
  command->add_flag("--json", options->json, "Print as JSON what was started");
  RegisterInitWitness(*command, context, chosen);
  command->callback([command, options, &context, &chosen] {
    if (command->get_subcommands().empty()) {
      chosen = {"witness", options->json,
                [options, &context] { return RunServe(*options, context); }};
    }
  });
}

}  // namespace authseal
