// authseal sign: the identity key on a host of its own answers what the host
// of an archive asks for.
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/exchange_file.h"
#include "cmd/identity_options.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/reading_options.h"
#include "cmd/reopening_options.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/base/time.h"
#include "lib/json/writer.h"
#include "lib/signing/signer.h"
#include "lib/signing/signing_request.h"

namespace authseal {

namespace {

constexpr const char* kStandardOutput = "-";

struct SignOptions {
  std::string request;
  IdentityOptions identity;
  std::string store;
  std::string out = kStandardOutput;
  std::vector<KnownReopening> accepted;
  bool new_log = false;
  bool trust = false;
  bool json = false;

  UnknownLog unknown() const {
    if (trust) {
      return UnknownLog::kTrust;
    }
    return new_log ? UnknownLog::kFromItsBeginning : UnknownLog::kRefuse;
  }
};

std::string InWords(const SigningPoint& point) {
  return std::to_string(point.size) + " records after " +
         std::to_string(point.epoch) + (point.epoch == 1 ? " seal" : " seals") +
         ", root " + Base64Encode(point.root.view());
}

// What the signature says, for the person who is asked for it.
void Describe(const SigningOutcome& outcome, std::ostream& out) {
  out << "log       " << EscapeForTerminal(outcome.origin) << "\ngenesis   "
      << HexEncode(outcome.genesis.view()) << "\nbefore    "
      << (outcome.before.has_value() ? InWords(*outcome.before)
                                     : "never signed here")
      << '\n';
  if (outcome.new_log) {
    out << "asks for  the note that begins a new archive\n";
    return;
  }
  out << "asks for  " << InWords(outcome.after) << '\n';
  if (outcome.sealed_first.has_value()) {
    out << "sealed    " << FormatRfc3339(*outcome.sealed_first) << " to "
        << FormatRfc3339(*outcome.sealed_last) << '\n';
  }
}

void PrintPoint(JsonWriter& out, const SigningPoint& point) {
  out.BeginObject().Name("epochs").Number(point.epoch);
  out.Name("tree_size").Number(point.size);
  out.Name("root").String(Base64Encode(point.root.view())).End();
}

void PrintJson(const SignOptions& options, const SigningOutcome& outcome,
               ExitStatus status, Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/sign@1");
  out.Name("verdict").String(outcome.findings.empty() ? "signed" : "refused");
  out.Name("exit").Number(static_cast<std::uint64_t>(status));
  out.Name("kind").String(outcome.new_log ? "new-log" : "checkpoint");
  out.Name("origin").String(outcome.origin);
  out.Name("genesis").String(HexEncode(outcome.genesis.view()));
  out.Name("before");
  if (outcome.before.has_value()) {
    PrintPoint(out, *outcome.before);
  } else {
    out.Null();
  }
  out.Name("asked");
  PrintPoint(out, outcome.after);
  out.Name("reopened").BeginArray();
  for (const ReopenedSeal& seal : outcome.reopened) {
    out.BeginObject().Name("epoch").Number(seal.epoch);
    out.Name("statement").String(HexEncode(seal.statement.view())).End();
  }
  out.End().Name("findings").BeginArray();
  for (const Finding& finding : outcome.findings) {
    out.BeginObject().Name("name").String(FindingName(finding.kind));
    out.Name("file").String(finding.file);
    out.Name("text").String(finding.text).End();
  }
  out.End().Name("note");
  if (outcome.findings.empty() && options.out == kStandardOutput) {
    out.String(outcome.note);
  } else {
    out.Null();
  }
  out.End();
  context.out << out.text() << '\n';
}

void PrintWhatIsNew(const SigningOutcome& outcome, Context& context) {
  if (outcome.before.has_value() || !outcome.findings.empty()) {
    return;
  }
  if (outcome.other_log_of_key.has_value()) {
    PrintWarning(context,
                 "this key signs another archive of that name too, genesis " +
                     HexEncode(outcome.other_log_of_key->view()));
  }
  if (outcome.trusted_unseen) {
    PrintWarning(context, "trust on first use: nothing vouches for the first " +
                              std::to_string(outcome.from.size) + " records");
  } else if (!outcome.new_log) {
    PrintNote(context,
              "first signature for this log here; every seal since "
              "its beginning was checked");
  }
}

Result<NamedSigner> LoadSigner(const SignOptions& options, Context& context) {
  TRY_ASSIGN(auto identity, LoadIdentityKey(context, options.identity, nullptr,
                                            LockedKey::kAsk));
  if (!identity.has_value()) {
    return Error{ErrorCode::kKey, "no identity key to sign with",
                 "name it with --identity FILE, fd:N or credential:NAME"};
  }
  return std::move(identity->key.signer);
}

Result<SignerStore> OpenStore(const SignOptions& options, Context& context) {
  if (!options.store.empty()) {
    return SignerStore::Open(context.file_system, options.store);
  }
  const std::string state = StateDirectoryPath(context);
  if (state.empty()) {
    return Error{ErrorCode::kInvalidArgument, "nowhere to keep what was signed",
                 "name a directory with --store DIR"};
  }
  return SignerStore::Open(context.file_system, state + "/signer");
}

Result<ExitStatus> RunSign(const SignOptions& options, Context& context) {
  TRY_ASSIGN(const NamedSigner identity, LoadSigner(options, context));
  TRY_ASSIGN(const std::string request,
             ReadExchangeFile(context, options.request, kRequestSizeBytesMax));
  TRY_ASSIGN(SignerStore store, OpenStore(options, context));
  TRY_ASSIGN(const SigningOutcome outcome,
             SignRequest(request, identity, store, options.unknown(),
                         options.accepted));
  const bool refused = !outcome.findings.empty();
  const ExitStatus status = refused ? ExitStatus::kFindings : ExitStatus::kDone;
  const bool out_is_free = options.out != kStandardOutput && !options.json;
  Describe(outcome, out_is_free ? context.out : context.err);
  PrintWhatIsNew(outcome, context);
  PrintFindings(outcome.findings, context);
  if (refused) {
    PrintError(context,
               Error{ErrorCode::kDamaged, "not signed",
                     "keep the request, and find out what became of the host"},
               status, /*json=*/false);
  } else if (options.out != kStandardOutput || !options.json) {
    TRY(WriteExchangeFile(context, options.out, outcome.note));
  }
  if (options.json) {
    PrintJson(options, outcome, status, context);
  }
  return status;
}

}  // namespace

void RegisterSign(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<SignOptions>();
  CLI::App* command = app.add_subcommand(
      "sign", "Answer a host's signing request, where the identity key is");
  command
      ->add_option("request", options->request,
                   "What init --request or seal --request wrote; '-': "
                   "standard input")
      ->required();
  AddIdentityOptions(*command, options->identity);
  command->add_option("--store", options->store,
                      "Directory that remembers what was signed (default: "
                      "signer in the state directory)");
  command->add_option("--out", options->out,
                      "Where to write the response (default: standard output)");
  command->add_flag("--new-log", options->new_log,
                    "Begin to sign for a log that the store does not know");
  command->add_flag("--trust-on-first-use", options->trust,
                    "The same where the request does not show the log's "
                    "beginning");
  AddReopeningOption(*command, options->accepted);
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"sign", options->json,
              [options, &context] { return RunSign(*options, context); }};
  });
}

}  // namespace authseal
