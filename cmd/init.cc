// authseal init: makes an archive and its keys.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/identity_options.h"
#include "cmd/init_off_host.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/secret_input.h"
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
  IdentityOptions identity;
  bool encrypt = false;
  std::string key;       // of an identity that is elsewhere
  std::string request;   // where to write one
  std::string response;  // where to read one
  bool json = false;
};

// The name of the key is the origin.
std::string OriginOf(const InitResult& made) {
  return made.verification_key.substr(0, made.verification_key.find('+'));
}

void PrintJson(const InitOptions& options, const std::string& keys_path,
               const InitResult& made, Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/init@1");
  out.Name("archive").String(options.archive);
  out.Name("origin").String(OriginOf(made));
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

Status CheckOptions(const InitOptions& options) {
  const auto usage = [](std::string message, std::string hint) {
    return Error{ErrorCode::kInvalidArgument, std::move(message),
                 std::move(hint)};
  };
  const bool here = options.request.empty() && options.response.empty();
  if (!options.request.empty() && !options.response.empty()) {
    return usage("--request and --response are two steps",
                 "sign what --request wrote in between");
  }
  if (options.key.empty() == options.origin.empty() &&
      options.response.empty()) {
    return usage("init needs --origin NAME, or --key VKEY with --request",
                 "--origin makes an identity key here; --key names one that "
                 "is kept elsewhere");
  }
  if (options.request.empty() != options.key.empty()) {
    return usage("--key and --request go together",
                 "--key is the verification key of who will sign the request");
  }
  if (!here && (options.encrypt || !options.identity.identity.empty() ||
                !options.origin.empty())) {
    return usage("the identity key is elsewhere",
                 "leave --origin, --identity and --encrypt-identity out");
  }
  if (options.request == "-" && options.json) {
    return usage("--json and --request - both want standard output",
                 "write the request to a file, or leave --json out");
  }
  if (options.encrypt && !options.identity.identity.empty()) {
    return usage("--identity is not copied, so nothing is encrypted",
                 "leave --encrypt-identity out");
  }
  return Ok();
}

Result<InitResult> InitHere(const InitOptions& options,
                            const std::string& keys_path, Context& context) {
  std::optional<LoadedIdentity> existing;
  std::optional<Secret> passphrase;
  if (!options.identity.identity.empty()) {
    TRY_ASSIGN(existing, LoadIdentityKey(context, options.identity, nullptr,
                                         LockedKey::kAsk));
  } else if (options.encrypt) {
    TRY_ASSIGN(passphrase,
               ReadNewPassphrase(context, options.identity.passphrase_file));
  }
  const InitIdentity identity{
      .existing = existing.has_value() ? &existing->key.signer : nullptr,
      .passphrase = passphrase.has_value() ? passphrase->view() : Bytes()};
  return InitArchive(context.file_system, options.archive, keys_path,
                     options.origin, identity);
}

Result<ExitStatus> RunInit(const InitOptions& options, Context& context) {
  TRY(CheckOptions(options));
  const std::string keys_path = options.keys.empty()
                                    ? KeyStore::DefaultPath(options.archive)
                                    : options.keys;
  if (!options.request.empty()) {
    return AskForInit(context, {.archive = options.archive,
                                .keys = keys_path,
                                .key = options.key,
                                .request = options.request,
                                .json = options.json});
  }
  TRY_ASSIGN(const InitResult made,
             options.response.empty()
                 ? InitHere(options, keys_path, context)
                 : TakeInitResponse(context, options.archive, keys_path,
                                    options.response));
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
  command->add_option(
      "--origin", options->origin,
      "Name of this log, for instance example.com/okta; also the "
      "name of its key");
  command->add_option("--keys", options->keys,
                      "Key directory to make (default: ARCHIVE.keys)");
  AddIdentityOptions(*command, options->identity);
  command->add_flag("--encrypt-identity", options->encrypt,
                    "Keep the new identity key under a passphrase");
  command->add_option("--key", options->key,
                      "With --request: verification key, or a file with it, "
                      "of the identity key that is kept elsewhere");
  command->add_option("--request", options->request,
                      "Write a request for authseal sign --new-log; '-': "
                      "standard output");
  command->add_option("--response", options->response,
                      "Complete the archive with what it answered; '-': "
                      "standard input");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"init", options->json,
              [options, &context] { return RunInit(*options, context); }};
  });
}

}  // namespace authseal
