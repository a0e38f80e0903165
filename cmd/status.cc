// authseal status: what an archive holds, without checking it.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "lib/archive/archive_reader.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/base/time.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct StatusOptions {
  std::string archive;
  bool json = false;
};

struct ArchiveStatus {
  std::string origin;
  Hash genesis;
  std::uint64_t sealed_segments = 0;
  std::uint64_t sealed_records = 0;
  std::uint64_t unsealed_records = 0;
  std::uint64_t torn_bytes = 0;
  std::uint64_t stored_bytes = 0;
  std::uint64_t content_bytes = 0;
  std::uint64_t checkpoint_size = 0;
  std::optional<UnixNanos> last_seal;
  bool salvage_present = false;
  std::vector<std::uint64_t> reopened;  // epochs
};

Status AddSealed(const SegmentReader& segment, ArchiveStatus& status) {
  ByteVector frame;
  TRY_ASSIGN(const SegmentFooter footer, segment.ReadFooter(frame));
  ++status.sealed_segments;
  status.sealed_records = footer.end_record;
  status.content_bytes += footer.content_size_bytes;
  status.last_seal = footer.seal_time;
  if (footer.reopens) {
    status.reopened.push_back(footer.epoch);
  }
  return Ok();
}

Status AddOpen(const SegmentReader& segment, ArchiveStatus& status) {
  ByteVector frame;
  for (std::size_t block = 0; block < segment.map().blocks.size(); ++block) {
    TRY_ASSIGN(const BlockHeader header, segment.ReadHeader(block, frame));
    status.unsealed_records += header.record_count;
    status.content_bytes += header.content_size_bytes;
  }
  status.torn_bytes =
      segment.map().file_size_bytes - segment.map().tiled_end_bytes;
  return Ok();
}

Result<ArchiveStatus> ReadStatus(const ArchiveReader& archive) {
  ArchiveStatus status;
  status.origin = archive.note().origin;
  status.genesis = archive.genesis();
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  status.salvage_present = listing.salvage_present;
  if (!listing.checkpoints.empty()) {
    status.checkpoint_size = listing.checkpoints.back();
  }
  for (const SegmentFile& file : listing.segments) {
    TRY_ASSIGN(const SegmentReader segment, archive.OpenSegment(file));
    status.stored_bytes += segment.map().file_size_bytes;
    // What it was when it was opened, which may be later than the listing.
    Status added = segment.map().footer ? AddSealed(segment, status)
                                        : AddOpen(segment, status);
    if (!added) {
      return std::move(added).error().With(file.name).WithHint(
          "authseal verify tells what is damaged");
    }
  }
  return status;
}

void PrintJson(const StatusOptions& options, const ArchiveStatus& status,
               Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/status@1");
  out.Name("archive").String(options.archive);
  out.Name("origin").String(status.origin);
  out.Name("genesis").String(HexEncode(status.genesis.view()));
  out.Name("segments").Number(status.sealed_segments);
  out.Name("tree_size").Number(status.sealed_records);
  out.Name("unsealed_records").Number(status.unsealed_records);
  out.Name("checkpoint_size").Number(status.checkpoint_size);
  out.Name("content_bytes").Number(status.content_bytes);
  out.Name("stored_bytes").Number(status.stored_bytes);
  out.Name("torn_bytes").Number(status.torn_bytes);
  out.Name("salvage_present").Bool(status.salvage_present);
  out.Name("reopened").BeginArray();
  for (const std::uint64_t epoch : status.reopened) {
    out.Number(epoch);
  }
  out.End();
  out.Name("last_seal");
  if (status.last_seal) {
    out.String(FormatRfc3339(*status.last_seal));
  } else {
    out.Null();
  }
  out.End();
  context.out << out.text() << '\n';
}

void PrintText(const StatusOptions& options, const ArchiveStatus& status,
               Context& context) {
  std::ostream& out = context.out;
  out << "archive    " << EscapeForTerminal(options.archive) << "\norigin     "
      << EscapeForTerminal(status.origin) << "\nsealed     "
      << GroupDigits(status.sealed_records) << " records in "
      << status.sealed_segments << " segments";
  if (status.last_seal) {
    out << ", last " << FormatRfc3339(*status.last_seal);
  }
  out << "\npublished  the first " << GroupDigits(status.checkpoint_size)
      << " records\nunsealed   " << GroupDigits(status.unsealed_records)
      << " records\nsize       " << HumanSize(status.stored_bytes) << " for "
      << HumanSize(status.content_bytes) << " of logs\n";
  if (status.torn_bytes > 0) {
    out << "torn tail  " << status.torn_bytes
        << " bytes that the next writer sets aside\n";
  }
  for (const std::uint64_t epoch : status.reopened) {
    out << "reopened   epoch " << epoch
        << ", whose key was lost, by the identity key\n";
  }
  if (status.salvage_present) {
    out << "salvage    torn tails of crashes, or what recover set aside\n";
  }
  out << "(read, not verified)\n";
}

Result<ExitStatus> RunStatus(const StatusOptions& options, Context& context) {
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, options.archive));
  TRY_ASSIGN(const ArchiveStatus status, ReadStatus(archive));
  if (options.json) {
    PrintJson(options, status, context);
  } else {
    PrintText(options, status, context);
  }
  return ExitStatus::kDone;
}

}  // namespace

void RegisterStatus(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* command = app.add_subcommand(
      "status", "Say what an archive holds, without checking it");
  command->add_option("archive", options->archive, "Archive directory")
      ->required();
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"status", options->json,
              [options, &context] { return RunStatus(*options, context); }};
  });
}

}  // namespace authseal
