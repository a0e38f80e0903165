// authseal seal: closes the segment, evolves the key, publishes a checkpoint or
// asks another host for it.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/identity_options.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/outside.h"
#include "cmd/seal_exchange.h"
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
  WitnessOptions witness;
  IdentityOptions identity;
  std::string request;   // where to write one; empty: publish here
  std::string response;  // where to read one
  std::optional<std::uint64_t> from;
  bool no_seal = false;
  unsigned wait_seconds = 60;
  TsaOptions tsa;
  bool json = false;

  bool asks() const { return !request.empty(); }
};

// Has what was published timestamped and cosigned where that was asked for,
// then prints.
void PrintResult(const SealOptions& options, const SegmentFooter& footer,
                 const std::string& segment, bool published,
                 const Outside& outside, Context& context) {
  if (options.request == "-") {  // standard output is the request's
    PrintNote(context, "sealed epoch " + std::to_string(footer.epoch) +
                           ", tree size " + std::to_string(footer.end_record));
    return;
  }
  const OutsideAnswers answers = AskOutside(
      outside, options.archive, footer.end_record, published, context);
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
    WriteAnswers(answers, out);
    out.End();
    context.out << out.text() << '\n';
    if (answers.cosigned.has_value()) {
      WarnOfWitnesses(*answers.cosigned, context);
    }
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
    context.out << (options.asks()
                        ? "not published yet: to be signed\n"
                        : "not published: the identity key is not here\n");
  }
  PrintAnswers(answers, context);
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
Result<ExitStatus> SealThroughWriter(
    const SealOptions& options, KeyStore& keys,
    const std::optional<LoadedIdentity>& identity, const Outside& outside,
    Context& context) {
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
      if (!after->published && identity) {
        TRY(PublishBesideWriter(context, options.archive, keys,
                                identity->key.signer, after->footer));
      }
      PrintResult(options, after->footer, after->segment,
                  after->published || identity.has_value(), outside, context);
      return ExitStatus::kDone;
    }
  }
  return Error{ErrorCode::kTemporary,
               "the running writer did not seal within " +
                   std::to_string(options.wait_seconds) + " seconds",
               "the request stands; look with authseal status, or stop the "
               "writer and seal again"};
}

Result<ExitStatus> Seal(const SealOptions& options, const Outside& outside,
                        Context& context) {
  const std::string& keys_path = outside.keys_path;
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, options.archive));
  TRY_ASSIGN(const IndexRules index, IndexRules::Create(archive.genesis()));
  SegmentIndexBuilder indexer(index);
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(context.file_system, keys_path));
  std::optional<LoadedIdentity> identity;
  if (!options.asks()) {
    TRY_ASSIGN(identity, LoadIdentityKey(context, options.identity, &keys,
                                         LockedKey::kAsk));
  }
  if (identity.has_value()) {
    UseIdentity(*identity, keys);
  }
  ArchiveWriter::Options writing;
  writing.publish = !options.asks();
  writing.indexer = &indexer;
  writing.threads = context.cores;
  Result<ArchiveWriter> writer =
      ArchiveWriter::Open(context.file_system, context.clock, options.archive,
                          std::move(keys), writing);
  if (!writer && writer.error().code == ErrorCode::kLocked) {
    TRY_ASSIGN(KeyStore again, KeyStore::Open(context.file_system, keys_path));
    return SealThroughWriter(options, again, identity, outside, context);
  }
  if (!writer && writer.error().code == ErrorCode::kDamaged) {
    // What is read back is not what was written, met before anything else.
    return std::move(writer).error().With("seal-readback-mismatch");
  }
  if (!writer) {
    return std::move(writer).error();
  }
  TRY_ASSIGN(const SealResult sealed, writer->Seal());
  TRY(writer->Close());
  PrintResult(options, sealed.footer, sealed.segment_name,
              sealed.checkpoint.has_value(), outside, context);
  return ExitStatus::kDone;
}

Status CheckOptions(const SealOptions& options) {
  const auto usage = [](std::string message, std::string hint) {
    return Error{ErrorCode::kInvalidArgument, std::move(message),
                 std::move(hint)};
  };
  if (options.asks() && !options.response.empty()) {
    return usage("--request and --response are two steps",
                 "sign what --request wrote in between");
  }
  if (!options.asks() && (options.no_seal || options.from.has_value())) {
    return usage("--no-seal and --from go with --request",
                 "add --request FILE, or leave them out");
  }
  if (options.request == "-" && options.json) {
    return usage("--json and --request - both want standard output",
                 "write the request to a file, or leave --json out");
  }
  return Ok();
}

Result<ExitStatus> RunSeal(const SealOptions& options, Context& context) {
  TRY(CheckOptions(options));
  // Whether it is an archive at all comes before questions about keys.
  TRY(ArchiveReader::Open(context.file_system, options.archive));
  TRY_ASSIGN(
      const Outside outside,
      MakeOutside(options.tsa, options.witness,
                  KeysPath(context, options.archive, options.keys), context));
  if (!options.response.empty()) {
    TRY_ASSIGN(KeyStore keys,
               KeyStore::Open(context.file_system, outside.keys_path));
    return TakeSealResponse(context, options.archive, keys, options.response,
                            outside, options.json);
  }
  if (!options.no_seal) {
    TRY(Seal(options, outside, context));
  }
  if (options.asks()) {
    TRY(WriteSealRequest(context, {.archive = options.archive,
                                   .target = options.request,
                                   .from = options.from,
                                   .json = options.json && options.no_seal}));
  }
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
  AddIdentityOptions(*command, options->identity);
  command->add_option("--request", options->request,
                      "Write a signing request instead of publishing, for "
                      "authseal sign elsewhere; '-': standard output");
  command->add_option("--response", options->response,
                      "Publish what authseal sign answered; '-': standard "
                      "input");
  command->add_flag("--no-seal", options->no_seal,
                    "With --request: only what is sealed already");
  command->add_option("--from", options->from,
                      "With --request: begin at this tree size (default: the "
                      "newest checkpoint's)");
  command->add_option("--wait", options->wait_seconds,
                      "Seconds to wait for a running writer (default: 60)");
  AddTsaOptions(*command, options->tsa);
  AddWitnessOptions(*command, options->witness);
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"seal", options->json,
              [options, &context] { return RunSeal(*options, context); }};
  });
}

}  // namespace authseal
