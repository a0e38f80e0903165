// authseal compare: what two checkpoints of one log say about each other. See
// authseal-compare(1).
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cmd/checkpoint_file.h"
#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "lib/archive/identity_chain.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/export/consistency.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct CompareOptions {
  std::vector<std::string> files;  // two
  std::string archive;
  std::string key;
  bool json = false;
};

struct Compared {
  std::string path;
  CheckpointFile file;
  bool is_signed = false;  // by the key, where one was given
};

// What was compared, older first, and what came of it.
struct CompareResult {
  Compared older;
  Compared newer;
  bool has_key = false;
  Comparison comparison;

  // Then nothing else is said of them.
  bool is_unsigned() const {
    return has_key && !(older.is_signed && newer.is_signed);
  }
  ExitStatus status() const {
    if (is_unsigned() || comparison.relation == Relation::kForked) {
      return ExitStatus::kFindings;
    }
    return comparison.relation == Relation::kUndecided ? ExitStatus::kWeaker
                                                       : ExitStatus::kDone;
  }
};

std::string SizedName(const Compared& compared) {
  return compared.path + " (" + GroupDigits(compared.file.checkpoint.size) +
         " records)";
}

std::string ForkText(const CompareResult& result) {
  const Comparison& comparison = result.comparison;
  const std::uint64_t size = result.older.file.checkpoint.size;
  if (size == result.newer.file.checkpoint.size) {
    return result.older.path + " and " + result.newer.path + " are for " +
           GroupDigits(size) + " records each, and have different roots";
  }
  if (size == 0) {
    return SizedName(result.older) + " has a root that no empty tree has";
  }
  if (comparison.published_size > 0) {
    return "the archive continues " + SizedName(result.older) +
           " otherwise than " + SizedName(result.newer) +
           ", and its own checkpoint for " +
           GroupDigits(comparison.published_size) + " records covers that";
  }
  return "the tree of " + SizedName(result.newer) +
         " has another root at the size of " + SizedName(result.older);
}

std::string UndecidedText(const CompareResult& result, bool has_archive) {
  const Comparison& comparison = result.comparison;
  if (!has_archive) {
    return "sizes differ, and only the log's tree can tell; give --archive";
  }
  if (comparison.older == Standing::kNotIn &&
      comparison.newer != Standing::kIn) {
    return "the archive contradicts " + SizedName(result.older) +
           (comparison.newer == Standing::kNotIn
                ? " and " + SizedName(result.newer)
                : "") +
           ": it is of another history, and says nothing of how the two relate";
  }
  if (comparison.newer == Standing::kNotIn) {
    return "the archive has " + SizedName(result.older) + " and contradicts " +
           SizedName(result.newer) +
           ", but publishes nothing for that size itself; compare in the "
           "archive that " +
           result.newer.path + " is from";
  }
  return "the archive shows a tree of " + GroupDigits(comparison.archive_size) +
         " records only; give one that has " +
         GroupDigits(result.newer.file.checkpoint.size);
}

std::string UnsignedText(const CompareResult& result, bool has_archive) {
  const std::string_view key =
      has_archive ? " not signed by the given key, nor by one that the "
                    "archive's rotations link with it"
                  : " not signed by the given key; where the log's key was "
                    "rotated, give --archive";
  if (result.older.is_signed) {
    return result.newer.path + " is" + std::string(key);
  }
  return result.older.path +
         (result.newer.is_signed ? " is"
                                 : " and " + result.newer.path + " are") +
         std::string(key);
}

std::string_view WordOf(const CompareResult& result) {
  return result.is_unsigned() ? "unsigned"
                              : RelationName(result.comparison.relation);
}

std::string SentenceOf(const CompareResult& result, bool has_archive) {
  if (result.is_unsigned()) {
    return UnsignedText(result, has_archive);
  }
  switch (result.comparison.relation) {
    case Relation::kSame:
      return result.older.path + " and " + result.newer.path +
             " are one checkpoint, for " +
             GroupDigits(result.older.file.checkpoint.size) + " records";
    case Relation::kConsistent:
      return SizedName(result.newer) + " continues " + SizedName(result.older) +
             (result.comparison.proof.empty()
                  ? ""
                  : ", by a proof of " +
                        std::to_string(result.comparison.proof.size()) +
                        " hashes");
    case Relation::kForked:
      return ForkText(result);
    case Relation::kUndecided:
      return UndecidedText(result, has_archive);
  }
  return {};
}

void WriteCompared(JsonWriter& out, const Compared& compared, bool has_key) {
  const Checkpoint& checkpoint = compared.file.checkpoint;
  out.BeginObject().Name("file").String(compared.path);
  out.Name("size").Number(checkpoint.size);
  out.Name("root").String(Base64Encode(checkpoint.root.view()));
  out.Name("signature");
  if (has_key) {
    out.String(compared.is_signed ? "valid" : "invalid");
  } else {
    out.Null();
  }
  out.End();
}

void PrintJson(const CompareOptions& options, const CompareResult& result,
               Context& context) {
  const Comparison& comparison = result.comparison;
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/compare@1");
  out.Name("relation").String(WordOf(result));
  out.Name("exit").Number(static_cast<std::uint64_t>(result.status()));
  out.Name("origin").String(result.older.file.checkpoint.origin);
  out.Name("older");
  WriteCompared(out, result.older, result.has_key);
  out.Name("newer");
  WriteCompared(out, result.newer, result.has_key);
  out.Name("archive_size");
  if (options.archive.empty()) {
    out.Null();
  } else {
    out.Number(comparison.archive_size);
  }
  out.Name("proof");
  if (comparison.proof.empty() || result.is_unsigned()) {
    out.Null();
  } else {
    out.BeginArray();
    for (const Hash& hash : comparison.proof) {
      out.String(Base64Encode(hash.view()));
    }
    out.End();
  }
  out.Name("text").String(SentenceOf(result, !options.archive.empty())).End();
  context.out << out.text() << '\n';
}

void PrintText(const CompareOptions& options, const CompareResult& result,
               Context& context) {
  context.out << WordOf(result) << ": "
              << EscapeForTerminal(SentenceOf(result, !options.archive.empty()))
              << '\n';
  if (!result.has_key) {
    PrintNote(context, "signatures were not checked; give --key");
  } else if (!result.is_unsigned() &&
             result.comparison.relation == Relation::kForked) {
    PrintNote(context,
              "the log's key signed two histories; keep both files, and show "
              "them to whoever relies on the log");
  }
}

// The pinned key, and those that the archive's rotations lead to from it.
Result<IdentityChain> IdentitiesOf(const Pin& pin,
                                   const ArchiveReader* archive) {
  if (archive == nullptr) {
    return IdentityChain(*pin.key);
  }
  TRY_ASSIGN(const ArchiveListing listing, archive->List());
  std::vector<RotationFault> faults;  // authseal verify reports them
  return ReadIdentityChain(*archive, listing.rotations, *pin.key, pin.genesis,
                           faults);
}

Result<CompareResult> Load(const CompareOptions& options,
                           const ArchiveReader* archive,
                           std::optional<IdentityChain>& identities,
                           Context& context) {
  CompareResult result;
  if (!options.key.empty()) {
    TRY_ASSIGN(const Pin pin, LoadPin(context, options.key));
    TRY_ASSIGN(identities, IdentitiesOf(pin, archive));
    result.has_key = true;
  }
  std::vector<Compared> compared;
  for (const std::string& path : options.files) {
    TRY_ASSIGN(CheckpointFile file, ReadCheckpointFile(context, path));
    const bool is_signed =
        identities.has_value() &&
        VerifySignedNote(file.note, identities->KeyAt(file.checkpoint.size)) ==
            NoteVerdict::kVerified;
    compared.push_back({path, std::move(file), is_signed});
  }
  if (compared[1].file.checkpoint.size < compared[0].file.checkpoint.size) {
    std::swap(compared[0], compared[1]);
  }
  result.older = std::move(compared[0]);
  result.newer = std::move(compared[1]);
  return result;
}

Result<ExitStatus> RunCompare(const CompareOptions& options, Context& context) {
  std::optional<ArchiveReader> archive;
  if (!options.archive.empty()) {
    TRY_ASSIGN(archive,
               ArchiveReader::Open(context.file_system, options.archive));
  }
  std::optional<IdentityChain> identities;
  TRY_ASSIGN(CompareResult result,
             Load(options, archive ? &*archive : nullptr, identities, context));
  const Checkpoint& older = result.older.file.checkpoint;
  const Checkpoint& newer = result.newer.file.checkpoint;
  if (older.origin != newer.origin) {
    return Error{ErrorCode::kInvalidArgument,
                 result.older.path + " is of " + older.origin + ", " +
                     result.newer.path + " of " + newer.origin,
                 "two logs cannot be compared; give two checkpoints of one"};
  }
  TRY_ASSIGN(result.comparison,
             CompareCheckpoints(older, newer, archive ? &*archive : nullptr,
                                identities ? &*identities : nullptr));
  if (options.json) {
    PrintJson(options, result, context);
  } else {
    PrintText(options, result, context);
  }
  return result.status();
}

}  // namespace

void RegisterCompare(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand(
      "compare", "Say whether two checkpoints are of one history");
  command->add_option("checkpoint", options->files, "Two checkpoint files")
      ->required()
      ->expected(2);
  command->add_option("--archive", options->archive,
                      "The log's archive, for a proof; it need not be trusted");
  command->add_option("--key", options->key,
                      "Verification key, or a file with it (identity.pub)");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"compare", options->json,
              [options, &context] { return RunCompare(*options, context); }};
  });
}

}  // namespace authseal
