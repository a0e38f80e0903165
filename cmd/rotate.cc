// authseal rotate: hands the log over to a new identity key.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/identity_options.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/secret_input.h"
#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/key_files.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct RotateOptions {
  std::string archive;
  std::string keys;
  IdentityOptions identity;
  std::string new_identity;  // path; empty: in the key directory
  bool json = false;
};

// Where the keys were and are.
struct KeyPlaces {
  std::string pin;                      // identity.pub
  std::string new_key;                  // its file
  std::optional<std::string> left_key;  // the old one, where it is left
  bool locked = false;                  // both are under a passphrase
};

void PrintResult(const RotateOptions& options, const RotateResult& rotated,
                 const KeyPlaces& places, Context& context) {
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
    out.Name("verification_key").String(new_key);
    out.Name("identity").String(places.new_key);
    out.Name("encrypted").Bool(places.locked).End();
    context.out << out.text() << '\n';
    return;
  }
  context.out << "sealed epoch " << rotated.sealed.footer.epoch
              << ", tree size " << size << ", under the old key\nold key   "
              << EscapeForTerminal(old_key) << "\nnew key   "
              << EscapeForTerminal(new_key) << "\nkept in   "
              << EscapeForTerminal(places.new_key)
              << (places.locked ? ", under the same passphrase" : "")
              << "\nrotation  " << kCheckpointsName << '/' << RotationName(size)
              << "\n\nPins of the old key stay good. Give the new "
              << EscapeForTerminal(places.pin)
              << " to whoever verifies\nfrom now on, and keep a copy of the "
                 "new identity key off this host.\n";
  if (places.left_key.has_value()) {
    context.out << "The old key is where it was, " +
                       EscapeForTerminal(*places.left_key) +
                       ": destroy it there.\n";
  }
}

// Whether old and new key have places that go together, before anything is
// done. In the key directory the new key takes the old one's place.
Status CheckPlaces(const RotateOptions& options,
                   const std::optional<LoadedIdentity>& identity,
                   const KeyStore& keys) {
  const bool in_directory = !identity.has_value() || identity->in_key_directory;
  if (in_directory && !options.new_identity.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "--new-identity is for an identity key that is kept elsewhere",
                 "leave it out: the new key takes the place of " + keys.path() +
                     "/identity.key; or name the old one with --identity"};
  }
  if (in_directory) {
    return Ok();
  }
  const NamedSigner& signer = identity->key.signer;
  const auto own = keys.ReadIdentityKey();
  if (own.has_value() &&
      *own == MakeVerificationKey(signer.name, signer.signer.public_key())) {
    return Error{ErrorCode::kInvalidArgument,
                 "the same key is in " + keys.path() + "/identity.key too",
                 "rotate that one, without --identity and --new-identity, and "
                 "destroy the other"};
  }
  return options.new_identity.empty()
             ? Status(Error{
                   ErrorCode::kInvalidArgument,
                   "the identity key is not in the key directory, but from " +
                       identity->place + ": where shall the new one go?",
                   "say it with --new-identity FILE, which must not exist"})
             : Ok();
}

// Made with 0600, before anything names the key.
class NewIdentityFile {
 public:
  static Result<NewIdentityFile> Open(Context& context,
                                      const std::string& path) {
    NewIdentityFile file(path);
    TRY_ASSIGN(file.directory_,
               context.file_system.OpenDirectory(file.place_.directory));
    const auto info = file.directory_->Info(file.place_.name);
    if (info.has_value()) {
      return file.Explain({ErrorCode::kAlreadyExists, "is there already", ""});
    }
    if (info.error().code != ErrorCode::kNotFound) {
      return Error(info.error()).With(path);
    }
    return file;
  }

  Status Create(Bytes text) {
    Status created = CreatePrivateFile(*directory_, place_.name, text);
    return created.has_value() ? std::move(created)
                               : Explain(std::move(created).error());
  }

 private:
  explicit NewIdentityFile(const std::string& path)
      : path_(path), place_(PlaceOf(path)) {}

  Error Explain(Error error) const {
    return std::move(error)
        .With("--new-identity " + path_)
        .WithHint(
            "name a file that does not exist: a key is never replaced; "
            "'authseal key show' says which one a file holds");
  }

  std::string path_;
  FilePlace place_;
  std::unique_ptr<Directory> directory_;
};

Result<ExitStatus> RunRotate(const RotateOptions& options, Context& context) {
  TRY(ArchiveReader::Open(context.file_system, options.archive));
  const std::string keys_path =
      KeysPath(context, options.archive, options.keys);
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(context.file_system, keys_path));
  TRY_ASSIGN(auto identity, LoadIdentityKey(context, options.identity, &keys,
                                            LockedKey::kAsk));
  TRY(CheckPlaces(options, identity, keys));
  KeyPlaces places = {
      .pin = keys_path + "/identity.pub",
      .new_key = keys_path + "/identity.key",
      .left_key = std::nullopt,
      .locked = identity.has_value() && identity->key.passphrase.has_value()};
  if (identity.has_value()) {
    UseIdentity(*identity, keys);
  }
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
  KeepIdentity keep;
  std::optional<NewIdentityFile> file;
  if (!options.new_identity.empty()) {
    TRY_ASSIGN(file, NewIdentityFile::Open(context, options.new_identity));
    keep = [&file](Bytes text) { return file->Create(text); };
    places.new_key = options.new_identity;
    places.left_key = identity->place;
  }
  TRY_ASSIGN(const RotateResult rotated, writer.RotateIdentity(keep));
  TRY(writer.Close());
  PrintResult(options, rotated, places, context);
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
  AddIdentityOptions(*command, options->identity);
  command->add_option("--new-identity", options->new_identity,
                      "FILE for the new key where the old one is not in the "
                      "key directory; it must not exist");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"rotate", options->json,
              [options, &context] { return RunRotate(*options, context); }};
  });
}

}  // namespace authseal
