// authseal cosign: brings the newest checkpoint to its witnesses.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/witness_options.h"
#include "lib/archive/archive_reader.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

constexpr unsigned kTimeoutSecondsMax = 3600;

struct CosignOptions {
  std::string archive;
  std::string keys;
  WitnessOptions witness;
  unsigned timeout_seconds = 5;
  bool json = false;
};

void PrintJson(const CosignOptions& options, const CosignResult& result,
               Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/cosign@1");
  out.Name("archive").String(options.archive);
  out.Name("checkpoint_size").Number(result.newest_size);
  WriteCosigned(result, out);
  out.End();
  context.out << out.text() << '\n';
  WarnOfWitnesses(result, context);
}

Result<ExitStatus> RunCosign(const CosignOptions& options, Context& context) {
  TRY_ASSIGN(const std::vector<WitnessEndpoint> witnesses,
             WitnessesToAsk(options.witness, context));
  if (witnesses.empty()) {
    return Error{ErrorCode::kInvalidArgument, "there is no witness to ask",
                 "name some with --policy FILE or --witness URL=KEY"};
  }
  TRY(ArchiveReader::Open(context.file_system, options.archive));
  TRY_ASSIGN(KeyStore keys,
             KeyStore::Open(context.file_system,
                            KeysPath(context, options.archive, options.keys)));
  TRY_ASSIGN(const CosignResult result,
             CosignCheckpoints(context.file_system, options.archive, keys,
                               witnesses, context.clock,
                               std::chrono::seconds(options.timeout_seconds),
                               PostOverHttp()));
  if (options.json) {
    PrintJson(options, result, context);
  } else {
    PrintCosigned(result, context);
  }
  return result.all_cosigned() ? ExitStatus::kDone : ExitStatus::kTemporary;
}

}  // namespace

void RegisterCosign(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<CosignOptions>();
  CLI::App* command = app.add_subcommand(
      "cosign", "Bring the newest checkpoint to its witnesses");
  command->add_option("archive", options->archive, "Archive directory")
      ->required();
  command->add_option("--keys", options->keys,
                      "Key directory (default: ARCHIVE.keys)");
  AddWitnessOptions(*command, options->witness);
  command
      ->add_option("--timeout", options->timeout_seconds,
                   "Seconds for all witnesses together (default: 5)")
      ->check(CLI::Range(1U, kTimeoutSecondsMax));
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"cosign", options->json,
              [options, &context] { return RunCosign(*options, context); }};
  });
}

}  // namespace authseal
