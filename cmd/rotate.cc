// authseal rotate: hands the log over to a new identity key.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct RotateOptions {
  std::string archive;
  std::string keys;
  bool json = false;
};

void PrintResult(const RotateOptions& options, const RotateResult& rotated,
                 const std::string& keys_path, Context& context) {
  const std::uint64_t size = rotated.sealed.footer.end_record;
  const std::string old_key = FormatVerificationKey(rotated.old_key);
  const std::string new_key = FormatVerificationKey(rotated.new_key);
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/rotate@1");
    out.Name("epoch").Number(rotated.sealed.footer.epoch);
    out.Name("tree_size").Number(size);
    out.Name("root").String(Base64Encode(rotated.sealed.root.view()));
    out.Name("segment").String(rotated.sealed.segment_name);
    out.Name("checkpoint").String(CheckpointName(size));
    out.Name("rotation").String(RotationName(size));
    out.Name("old_key").String(old_key);
    out.Name("verification_key").String(new_key).End();
    context.out << out.text() << '\n';
    return;
  }
  context.out << "sealed epoch " << rotated.sealed.footer.epoch
              << ", tree size " << size << ", under the old key\nold key   "
              << EscapeForTerminal(old_key) << "\nnew key   "
              << EscapeForTerminal(new_key) << "\nrotation  "
              << kCheckpointsName << '/' << RotationName(size)
              << "\n\nPins of the old key stay good. Give the new "
              << EscapeForTerminal(keys_path)
              << "/identity.pub to whoever verifies\nfrom now on, and keep a "
                 "copy of the new identity key off this host.\n";
}

Result<ExitStatus> RunRotate(const RotateOptions& options, Context& context) {
  TRY(ArchiveReader::Open(context.file_system, options.archive));
  const std::string keys_path =
      KeysPath(context, options.archive, options.keys);
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(context.file_system, keys_path));
  TRY_ASSIGN(
      ArchiveWriter writer,
      ArchiveWriter::Open(context.file_system, context.clock, options.archive,
                          std::move(keys), ArchiveWriter::Options{}));
  if (writer.recovery().rotation_completed) {
    TRY(writer.Close());
    return Error{ErrorCode::kInvalidArgument,
                 "a rotation that was cut off before is complete now; nothing "
                 "else was done",
                 "run it again if the key is to change once more"};
  }
  TRY_ASSIGN(const RotateResult rotated, writer.RotateIdentity());
  TRY(writer.Close());
  PrintResult(options, rotated, keys_path, context);
  return ExitStatus::kDone;
}

}  // namespace

void RegisterRotate(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<RotateOptions>();
  CLI::App* command =
      app.add_subcommand("rotate", "Hand the log over to a new identity key");
  command->add_option("archive", options->archive, "Archive directory")
      ->required();
  command->add_option("--keys", options->keys,
                      "Key directory (default: ARCHIVE.keys)");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"rotate", options->json,
              [options, &context] { return RunRotate(*options, context); }};
  });
}

}  // namespace authseal
