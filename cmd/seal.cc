// authseal seal: closes the segment, evolves the key, publishes a checkpoint.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/stamping.h"
#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/base/encoding.h"
#include "lib/index/segment_index_builder.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct SealOptions {
  std::string archive;
  std::string keys;
  unsigned wait_seconds = 60;
  TsaOptions tsa;
  bool json = false;
};

// Has what was published timestamped where that was asked for, then prints.
void PrintResult(const SealOptions& options, const SegmentFooter& footer,
                 const std::string& segment, bool published, const Tsa& tsa,
                 Context& context) {
  std::optional<std::string> timestamp;
  if (published && !tsa.url.empty()) {
    timestamp =
        StampAfterSeal(options.archive, footer.end_record, tsa, context);
  }
  const Hash root = footer.end.Root();
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/seal@1");
    out.Name("epoch").Number(footer.epoch);
    out.Name("first_record").Number(footer.first_record);
    out.Name("end_record").Number(footer.end_record);
    out.Name("tree_size").Number(footer.end_record);
    out.Name("root").String(Base64Encode(root.view()));
    out.Name("segment").String(segment).Name("checkpoint");
    if (published) {
      out.String(CheckpointName(footer.end_record));
    } else {
      out.Null();
    }
    out.Name("timestamp");
    if (timestamp.has_value()) {
      out.String(*timestamp);
    } else {
      out.Null();
    }
    out.End();
    context.out << out.text() << '\n';
    return;
  }
  context.out << "sealed epoch " << footer.epoch << ", records "
              << footer.first_record << " to " << footer.end_record - 1
              << "\ntree size " << footer.end_record << ", root "
              << Base64Encode(root.view()) << '\n';
  if (published) {
    context.out << "checkpoint " << kCheckpointsName << '/'
                << CheckpointName(footer.end_record) << '\n';
  } else {
    context.out << "not published: the identity key is not here\n";
  }
  if (timestamp.has_value()) {
    context.out << "timestamp " << *timestamp << '\n';
  }
}

// The newest sealed segment's footer, read as a reader would.
struct NewestSeal {
  SegmentFooter footer;
  std::string segment;
  bool published = false;
};
Result<std::optional<NewestSeal>> ReadNewestSeal(Context& context,
                                                 const std::string& path) {
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, path));
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  for (auto segment = listing.segments.rbegin();
       segment != listing.segments.rend(); ++segment) {
    if (!segment->sealed) {
      continue;
    }
    TRY_ASSIGN(const SegmentReader reader, archive.OpenSegment(*segment));
    ByteVector frame;
    TRY_ASSIGN(SegmentFooter footer, reader.ReadFooter(frame));
    const std::uint64_t size = footer.end_record;
    const bool published =
        std::find(listing.checkpoints.begin(), listing.checkpoints.end(),
                  size) != listing.checkpoints.end();
    return std::optional<NewestSeal>(
        NewestSeal{std::move(footer), segment->name, published});
  }
  return std::optional<NewestSeal>();
}

// Leaves a request for the running writer and waits until it was served.
Result<ExitStatus> SealThroughWriter(const SealOptions& options, KeyStore& keys,
                                     const Tsa& tsa, Context& context) {
  TRY_ASSIGN(const auto before, ReadNewestSeal(context, options.archive));
  TRY(keys.RequestSeal());
  const std::uint64_t size_before = before ? before->footer.end_record : 0;
  const UnixNanos deadline{context.clock.Now().value +
                           options.wait_seconds * kNanosPerSecond};
  while (context.clock.Now() < deadline && !context.stop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    TRY_ASSIGN(const bool waiting, keys.SealRequested());
    if (waiting) {
      continue;
    }
    TRY_ASSIGN(const auto after, ReadNewestSeal(context, options.archive));
    if (after && after->footer.end_record > size_before) {
      PrintResult(options, after->footer, after->segment, after->published, tsa,
                  context);
      return ExitStatus::kDone;
    }
  }
  return Error{ErrorCode::kTemporary,
               "the running writer did not seal within " +
                   std::to_string(options.wait_seconds) + " seconds",
               "the request stands; look with authseal status, or stop the "
               "writer and seal again"};
}

Result<ExitStatus> RunSeal(const SealOptions& options, Context& context) {
  // Whether it is an archive at all comes before questions about keys.
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, options.archive));
  TRY_ASSIGN(const Tsa tsa, MakeTsa(options.tsa, context));
  const std::string keys_path =
      KeysPath(context, options.archive, options.keys);
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(context.file_system, keys_path));
  TRY_ASSIGN(const IndexRules index, IndexRules::Create(archive.genesis()));
  SegmentIndexBuilder indexer(index);
  Result<ArchiveWriter> writer =
      ArchiveWriter::Open(context.file_system, context.clock, options.archive,
                          std::move(keys), {.indexer = &indexer});
  if (!writer && writer.error().code == ErrorCode::kLocked) {
    TRY_ASSIGN(KeyStore again, KeyStore::Open(context.file_system, keys_path));
    return SealThroughWriter(options, again, tsa, context);
  }
  if (!writer) {
    return std::move(writer).error();
  }
  TRY_ASSIGN(const SealResult sealed, writer->Seal());
  TRY(writer->Close());
  PrintResult(options, sealed.footer, sealed.segment_name,
              sealed.checkpoint.has_value(), tsa, context);
  return ExitStatus::kDone;
}

}  // namespace

void RegisterSeal(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<SealOptions>();
  CLI::App* command = app.add_subcommand(
      "seal", "Close the segment, evolve the key, publish a checkpoint");
  command->add_option("archive", options->archive, "Archive directory")
      ->required();
  command->add_option("--keys", options->keys,
                      "Key directory (default: ARCHIVE.keys)");
  command->add_option("--wait", options->wait_seconds,
                      "Seconds to wait for a running writer (default: 60)");
  AddTsaOptions(*command, options->tsa);
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"seal", options->json,
              [options, &context] { return RunSeal(*options, context); }};
  });
}

}  // namespace authseal
