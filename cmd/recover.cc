// authseal recover: says what can be saved of a damaged open segment, and goes
// on behind it.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/salvaging.h"
#include "lib/base/escape.h"
#include "lib/json/document.h"
#include "lib/json/writer.h"
#include "lib/query/delivered.h"

namespace authseal {

namespace {

struct RecoverOptions {
  std::string archive;
  std::string keys;
  bool yes = false;
  bool json = false;
};

// What the command found and did.
struct Recovered {
  SalvageResult salvage;
  bool acted = false;
  std::optional<SealResult> sealed;
};

std::uint64_t CountOf(const std::vector<RecordRange>& ranges) {
  std::uint64_t count = 0;
  for (const RecordRange& range : ranges) {
    count += range.count();
  }
  return count;
}

std::string RangesText(const std::vector<RecordRange>& ranges) {
  std::string text;
  for (const RecordRange& range : ranges) {
    text += (text.empty() ? "" : ", ") + std::to_string(range.first);
    if (range.count() > 1) {
      text += " to " + std::to_string(range.end - 1);
    }
  }
  return text.empty() ? "none" : text;
}

void WriteRanges(JsonWriter& out, std::string_view name,
                 const std::vector<RecordRange>& ranges) {
  out.Name(name).BeginArray();
  for (const RecordRange& range : ranges) {
    out.BeginArray().Number(range.first).Number(range.end).End();
  }
  out.End();
}

void WritePath(JsonWriter& out, std::string_view name,
               const std::string& path) {
  out.Name(name);
  if (path.empty()) {
    out.Null();
  } else {
    out.String(path);
  }
}

std::vector<RecordRange> PerhapsLost(const OpenSegmentDamage& damage) {
  const RecordRange range = damage.PerhapsLostRecords();
  return range.empty() ? std::vector<RecordRange>()
                       : std::vector<RecordRange>{range};
}

void PrintJson(const RecoverOptions& options, const Recovered& recovered,
               Context& context) {
  const OpenSegmentDamage& damage = recovered.salvage.damage;
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/recover@1");
  out.Name("archive").String(options.archive);
  out.Name("segment").String(damage.segment_name);
  out.Name("damaged").Bool(recovered.salvage.is_damaged);
  out.Name("fault").String(damage.fault);
  out.Name("recovered").Bool(recovered.acted);
  out.Name("kept_end_record").Number(damage.valid.next_record());
  out.Name("kept_bytes").Number(damage.valid.size_bytes);
  out.Name("rest_bytes").Number(damage.rest_size_bytes());
  WriteRanges(out, "intact", damage.IntactRecords());
  WriteRanges(out, "lost", damage.LostRecords());
  WriteRanges(out, "perhaps_lost", PerhapsLost(damage));
  out.Name("silent_bytes").Number(damage.silent_size_bytes());
  out.Name("blocks").BeginArray();
  for (const BlockRemains& block : damage.blocks) {
    out.BeginObject().Name("offset").Number(block.data.offset_bytes);
    out.Name("first_record").Number(block.header.records().first);
    out.Name("end_record").Number(block.header.records().end);
    out.Name("intact").Bool(block.intact);
    out.Name("fault").String(block.fault).End();
  }
  out.End();
  WritePath(out, "salvage", recovered.salvage.bytes_path);
  WritePath(out, "lines", recovered.salvage.lines_path);
  out.Name("tree_size");
  if (recovered.sealed.has_value()) {
    out.Number(recovered.sealed->footer.end_record);
  } else {
    out.Null();
  }
  out.End();
  context.out << out.text() << '\n';
}

void PrintDamage(const OpenSegmentDamage& damage, Context& context) {
  std::ostream& out = context.out;
  out << "damaged    segments/" << damage.segment_name << "\nfault      "
      << EscapeForTerminal(damage.fault) << "\nkept       "
      << (damage.valid.block_count == 0
              ? std::string("no commit of this segment")
              : "records up to " +
                    std::to_string(damage.valid.next_record() - 1) +
                    ", whole commits before the damage")
      << "\nintact     " << CountOf(damage.IntactRecords())
      << " records behind it: " << RangesText(damage.IntactRecords())
      << "\nlost       " << CountOf(damage.LostRecords())
      << " records: " << RangesText(damage.LostRecords()) << '\n';
  if (const auto perhaps = PerhapsLost(damage); !perhaps.empty()) {
    out << "perhaps    " << CountOf(perhaps)
        << " records lost besides: " << RangesText(perhaps)
        << ", which a header names that no signature leads to\n";
  }
  if (damage.silent_size_bytes() > 0) {
    out << "perhaps    more: the last " << damage.silent_size_bytes()
        << " bytes no longer say what they held\n";
  }
  for (const BlockRemains& block : damage.blocks) {
    if (!block.intact) {
      out << "block      records " << RangesText({block.header.records()})
          << " at byte " << block.data.offset_bytes << ": " << block.fault
          << '\n';
    }
  }
}

void PrintWayBack(const RecoverOptions& options, const Recovered& recovered,
                  Context& context) {
  const std::string archive = EscapeForTerminal(options.archive);
  context.out << "\nTo get records back: where the logs are still there, run "
                 "the same authseal ingest\nagain, which goes on behind the "
                 "last record that was kept.\n";
  if (!recovered.salvage.lines_path.empty()) {
    context.out << "Where they are gone, add the intact ones as new records "
                   "(once):\n\n  authseal ingest "
                << archive << ' ' << archive << '/'
                << recovered.salvage.lines_path << '\n';
  }
}

void PrintText(const RecoverOptions& options, const Recovered& recovered,
               Context& context) {
  const SalvageResult& salvage = recovered.salvage;
  std::ostream& out = context.out;
  if (!salvage.is_damaged) {
    const std::uint64_t rest_bytes = salvage.damage.rest_size_bytes();
    out << (rest_bytes == 0
                ? "nothing to recover: the open segment is whole\n"
                : "nothing to recover: all that is signed is whole\n");
    if (rest_bytes > 0) {
      PrintNote(context,
                "torn-tail: " + std::to_string(rest_bytes) +
                    " bytes at its end are no whole commit: a crash tore it, "
                    "or somebody cut the file; the next writer sets them "
                    "aside");
    }
    return;
  }
  PrintDamage(salvage.damage, context);
  if (!recovered.acted) {
    out << "\nNothing was changed. Take a copy of archive and keys, look at "
           "the disk and memory of\nthis machine; a good copy of the segment "
           "is better than any recovery. Without one:\n\n  authseal recover "
        << EscapeForTerminal(options.archive)
        << " --yes\n\nsets aside everything behind the damage in salvage/, "
           "keeps what stands before it,\nadds a record that names the loss, "
           "and seals.\n";
    return;
  }
  out << "set aside  " << salvage.bytes_path << ", "
      << salvage.damage.rest_size_bytes() << " bytes\n";
  if (!salvage.lines_path.empty()) {
    out << "           " << salvage.lines_path
        << ", the intact records as lines\n";
  }
  if (recovered.sealed.has_value()) {
    out << "sealed     epoch " << recovered.sealed->footer.epoch
        << ", tree size " << recovered.sealed->footer.end_record << '\n';
  }
  PrintWayBack(options, recovered, context);
}

Result<ExitStatus> RunRecover(const RecoverOptions& options, Context& context) {
  TRY(ArchiveReader::Open(context.file_system, options.archive));
  const std::string keys_path =
      KeysPath(context, options.archive, options.keys);
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(context.file_system, keys_path));
  Recovered recovered;
  if (!options.yes) {
    TRY_ASSIGN(
        recovered.salvage,
        ExamineArchive(context.file_system, options.archive, std::move(keys)));
  } else {
    JsonDocument document;
    TRY_ASSIGN(recovered.salvage,
               SalvageArchive(
                   context.file_system, context.clock, options.archive,
                   std::move(keys),
                   [&document](std::string_view record, std::string& lines) {
                     AppendDelivered(record, MarkOf(record), document, lines);
                   }));
    recovered.acted = recovered.salvage.is_damaged;
  }
  if (recovered.acted) {
    TRY_ASSIGN(KeyStore again, KeyStore::Open(context.file_system, keys_path));
    TRY_ASSIGN(
        ArchiveWriter writer,
        ArchiveWriter::Open(context.file_system, context.clock, options.archive,
                            std::move(again), ArchiveWriter::Options{}));
    TRY_ASSIGN(recovered.sealed, writer.Seal());
    TRY(writer.Close());
  }
  if (options.json) {
    PrintJson(options, recovered, context);
  } else {
    PrintText(options, recovered, context);
  }
  return recovered.salvage.is_damaged && !recovered.acted
             ? ExitStatus::kFindings
             : ExitStatus::kDone;
}

}  // namespace

void RegisterRecover(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<RecoverOptions>();
  CLI::App* command = app.add_subcommand(
      "recover", "Say what can be saved of a damaged open segment");
  command->add_option("archive", options->archive, "Archive directory")
      ->required();
  command->add_option("--keys", options->keys,
                      "Key directory (default: ARCHIVE.keys)");
  command->add_flag("--yes", options->yes,
                    "Set aside what is behind the damage, and go on");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"recover", options->json,
              [options, &context] { return RunRecover(*options, context); }};
  });
}

}  // namespace authseal
