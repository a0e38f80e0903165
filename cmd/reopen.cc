// authseal reopen: goes on after an epoch's key was lost.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/identity_options.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/reopening_options.h"
#include "lib/archive/archive_reader.h"
#include "lib/archive/reopening.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct ReopenOptions {
  std::string archive;
  std::string keys;
  IdentityOptions identity;
  bool json = false;
};

void PrintResult(const ReopenOptions& options, const ReopenResult& reopened,
                 Context& context) {
  const SegmentFooter& footer = reopened.footer;
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/reopen@1");
    out.Name("epoch").Number(footer.epoch);
    out.Name("first_record").Number(footer.first_record);
    out.Name("end_record").Number(footer.end_record);
    out.Name("tree_size").Number(footer.end_record);
    out.Name("root").String(Base64Encode(footer.end.Root().view()));
    out.Name("segment").String(reopened.segment_name);
    out.Name("checkpoint").String(CheckpointName(footer.end_record));
    out.Name("statement").String(HexEncode(reopened.statement.view()));
    out.Name("torn_bytes").Number(reopened.recovery.torn_bytes).End();
    context.out << out.text() << '\n';
    return;
  }
  const std::string archive = EscapeForTerminal(options.archive);
  context.out << "reopened: epoch " << footer.epoch << ", records "
              << footer.first_record << " to " << footer.end_record - 1
              << ", closed by the identity key\ntree size " << footer.end_record
              << ", root " << Base64Encode(footer.end.Root().view())
              << "\ncheckpoint " << kCheckpointsName << '/'
              << CheckpointName(footer.end_record)
              << "\n\nEvery verification says so from now on, and exits with 3 "
                 "until it is told that\nthis epoch is known. Tell whoever "
                 "verifies why the key was lost, and to run once:\n\n"
                 "  authseal verify "
              << archive << " --accept-reopened "
              << FormatReopening(footer.epoch, reopened.statement) << '\n';
}

Result<ExitStatus> RunReopen(const ReopenOptions& options, Context& context) {
  TRY(ArchiveReader::Open(context.file_system, options.archive));
  const std::string keys_path =
      KeysPath(context, options.archive, options.keys);
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(context.file_system, keys_path));
  TRY_ASSIGN(auto identity, LoadIdentityKey(context, options.identity, &keys,
                                            LockedKey::kAsk));
  if (identity.has_value()) {
    UseIdentity(*identity, keys);
  }
  TRY_ASSIGN(const ReopenResult reopened,
             ReopenArchive(context.file_system, context.clock, options.archive,
                           std::move(keys)));
  if (reopened.recovery.torn_bytes > 0) {
    PrintNote(context,
              "torn-tail: " + std::to_string(reopened.recovery.torn_bytes) +
                  " bytes behind the last whole commit were set aside in " +
                  reopened.recovery.salvage_path);
  }
  PrintResult(options, reopened, context);
  return ExitStatus::kDone;
}

}  // namespace

void RegisterReopen(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<ReopenOptions>();
  CLI::App* command =
      app.add_subcommand("reopen", "Go on after the epoch's key was lost");
  command->add_option("archive", options->archive, "Archive directory")
      ->required();
  command->add_option("--keys", options->keys,
                      "Key directory (default: ARCHIVE.keys)");
  AddIdentityOptions(*command, options->identity);
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"reopen", options->json,
              [options, &context] { return RunReopen(*options, context); }};
  });
}

}  // namespace authseal
