// authseal key: identity key files: made, shown, put under a passphrase.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/identity_options.h"
#include "cmd/output.h"
#include "cmd/secret_input.h"
#include "lib/archive/key_files.h"
#include "lib/base/escape.h"
#include "lib/json/writer.h"
#include "lib/note/encrypted_key.h"

namespace authseal {

namespace {

struct KeyOptions {
  std::string file;
  std::string origin;
  std::string passphrase_file;
  std::string new_passphrase_file;
  bool encrypt = false;
  bool json = false;
};

enum class NewForm {
  kPlain,
  kEncrypted
};

void PrintKey(const KeyOptions& options, const VerificationKey& key,
              bool encrypted, Context& context) {
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/key@1");
    out.Name("file").String(options.file);
    out.Name("verification_key").String(FormatVerificationKey(key));
    out.Name("encrypted").Bool(encrypted).End();
    context.out << out.text() << '\n';
    return;
  }
  context.out << EscapeForTerminal(FormatVerificationKey(key)) << '\n';
}

VerificationKey KeyOf(const NamedSigner& identity) {
  return MakeVerificationKey(identity.name, identity.signer.public_key());
}

// The text of a key file in one form or the other.
Result<Secret> FormatKey(const NamedSigner& identity, NewForm form,
                         const std::string& passphrase_file, Context& context) {
  if (form == NewForm::kPlain) {
    return FormatSigningKeyLine(identity.name, identity.signer);
  }
  TRY_ASSIGN(const Secret passphrase,
             ReadNewPassphrase(context, passphrase_file));
  TRY_ASSIGN(const std::string text,
             EncryptSigningKey(identity, passphrase.view()));
  Secret kept(text.size());
  std::copy(text.begin(), text.end(), kept.span().begin());
  return kept;
}

Result<ExitStatus> RunCreate(const KeyOptions& options, Context& context) {
  if (!IsNoteKeyName(options.origin)) {
    return Error{ErrorCode::kInvalidArgument, "--origin is not a name of a log",
                 "use a name such as auth.example.org/log, without spaces and "
                 "'+'"};
  }
  const FilePlace place = PlaceOf(options.file);
  TRY_ASSIGN(const auto directory,
             context.file_system.OpenDirectory(place.directory));
  TRY_ASSIGN(Ed25519Signer signer, Ed25519Signer::Generate());
  const NamedSigner identity{.name = options.origin,
                             .signer = std::move(signer)};
  const NewForm form = options.encrypt ? NewForm::kEncrypted : NewForm::kPlain;
  TRY_ASSIGN(const Secret text,
             FormatKey(identity, form, options.passphrase_file, context));
  Status created = CreatePrivateFile(*directory, place.name, text.view());
  if (!created) {
    return std::move(created)
        .error()
        .With(options.file)
        .WithHint("name a file that does not exist: a key is never replaced");
  }
  PrintKey(options, KeyOf(identity), options.encrypt, context);
  return ExitStatus::kDone;
}

Result<ExitStatus> RunShow(const KeyOptions& options, Context& context) {
  TRY_ASSIGN(const Secret text,
             ReadSecret(context, options.file, kSecretFileSizeBytesMax));
  if (IsEncryptedSigningKey(AsText(text.view()))) {
    TRY_ASSIGN(const VerificationKey key,
               VerificationKeyOfEncrypted(AsText(text.view())));
    PrintKey(options, key, /*encrypted=*/true, context);
    return ExitStatus::kDone;
  }
  TRY_ASSIGN(const OpenedKey opened, OpenIdentityText(context, text, {}));
  PrintKey(options, KeyOf(opened.signer), /*encrypted=*/false, context);
  return ExitStatus::kDone;
}

// What an interrupted change may have left is not ours to overwrite.
Status CheckNothingLeft(const Directory& directory, const std::string& name) {
  for (const char* suffix : {".new", ".old"}) {
    const auto info = directory.Info(name + suffix);
    if (info.has_value()) {
      return Error{ErrorCode::kAlreadyExists,
                   name + suffix +
                       " is there, perhaps of a change that was "
                       "interrupted",
                   "when 'authseal key show' reads " + name +
                       ", destroy that file with shred -u; else rename it"};
    }
    if (info.error().code != ErrorCode::kNotFound) {
      return info.error();
    }
  }
  return Ok();
}

// The new text is durable under another name before the old one is touched;
// whatever happens, one of the files holds the key whole.
Status ReplaceKeyFile(Directory& directory, const std::string& name,
                      Bytes text) {
  const std::string fresh = name + ".new";
  const std::string old = name + ".old";
  TRY(CreatePrivateFile(directory, fresh, text));
  TRY(directory.Rename(name, old));
  TRY(directory.Rename(fresh, name));
  TRY(directory.Sync());
  return DestroySecretFile(directory, old);
}

Result<ExitStatus> RunChange(const KeyOptions& options, NewForm form,
                             Context& context) {
  const FilePlace place = PlaceOf(options.file);
  TRY_ASSIGN(const auto directory,
             context.file_system.OpenDirectory(place.directory));
  TRY_ASSIGN(const auto text,
             ReadPrivateFile(*directory, place.directory, place.name,
                             kSecretFileSizeBytesMax));
  if (!text.has_value()) {
    return Error{ErrorCode::kKey, options.file + " is not there",
                 "name the file with the identity key; after a change that "
                 "was interrupted it is " +
                     place.name + ".old: rename that back"};
  }
  TRY(CheckNothingLeft(*directory, place.name));
  const bool was_plain = !IsEncryptedSigningKey(AsText(text->view()));
  TRY_ASSIGN(const OpenedKey opened,
             OpenIdentityText(context, *text, options.passphrase_file));
  // A key without a passphrase needs only the new one.
  const std::string& next = was_plain && options.new_passphrase_file.empty()
                                ? options.passphrase_file
                                : options.new_passphrase_file;
  TRY_ASSIGN(const Secret changed,
             FormatKey(opened.signer, form, next, context));
  Status replaced = ReplaceKeyFile(*directory, place.name, changed.view());
  if (!replaced) {
    return std::move(replaced)
        .error()
        .With(options.file)
        .WithHint("the key is in it, or in " + place.name +
                  ".old or .new beside it");
  }
  PrintKey(options, KeyOf(opened.signer), form == NewForm::kEncrypted, context);
  return ExitStatus::kDone;
}

using Run = Result<ExitStatus> (*)(const KeyOptions&, Context&);

struct Action {
  const char* name;
  const char* text;
  Run run;
};

constexpr Action kActions[] = {
    {"create", "Make an identity key for a new log", RunCreate},
    {"show", "Print the verification key of a key", RunShow},
    {"encrypt", "Put a key under a passphrase, or under another one",
     [](const KeyOptions& options, Context& context) {
       return RunChange(options, NewForm::kEncrypted, context);
     }},
    {"decrypt", "Take the passphrase off",
     [](const KeyOptions& options, Context& context) {
       return RunChange(options, NewForm::kPlain, context);
     }},
};

void AddOptions(CLI::App& command, const std::string& action,
                KeyOptions& options) {
  command.add_option("file", options.file, "Key file")->required();
  if (action == "create") {
    command.add_option("--origin", options.origin, "Name of the log")
        ->required();
    command.add_flag("--encrypt", options.encrypt, "Under a passphrase");
  }
  if (action != "show") {
    command.add_option("--passphrase-file", options.passphrase_file,
                       "The passphrase: FILE, fd:N, credential:NAME or - "
                       "(default: asked on the terminal)");
  }
  if (action == "encrypt") {
    command.add_option("--new-passphrase-file", options.new_passphrase_file,
                       "The passphrase from now on, in the same ways");
  }
  command.add_flag("--json", options.json, "Print the result as JSON");
}

}  // namespace

void RegisterKey(CLI::App& app, Context& context, Command& chosen) {
  CLI::App* command =
      app.add_subcommand("key", "Make, show, encrypt an identity key");
  command->require_subcommand(1);
  for (const Action& action : kActions) {
    auto options = std::make_shared<KeyOptions>();
    CLI::App* sub = command->add_subcommand(action.name, action.text);
    AddOptions(*sub, action.name, *options);
    sub->callback([options, run = action.run, &context, &chosen] {
      chosen = {"key", options->json,
                [options, run, &context] { return run(*options, context); }};
    });
  }
}

}  // namespace authseal
