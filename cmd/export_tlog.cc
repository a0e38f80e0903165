#include "cmd/export_tlog.h"

#include "cmd/output.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/export/tiles_export.h"
#include "lib/export/tlog_proofs.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

void BeginJson(JsonWriter& out, const TlogExport& request,
               std::string_view format) {
  out.BeginObject().Name("schema").String("authseal/export@1");
  out.Name("out").String(request.out);
  out.Name("format").String(format);
}

void EndJson(JsonWriter& out, std::uint64_t tree_size, const Hash& root,
             Context& context) {
  out.Name("tree_size").Number(tree_size);
  out.Name("root").String(Base64Encode(root.view())).End();
  context.out << out.text() << '\n';
}

void PrintTilesJson(const TlogExport& request, const TilesResult& result,
                    Context& context) {
  JsonWriter out;
  BeginJson(out, request, "tlog-tiles");
  out.Name("records").Number(result.tree_size);
  out.Name("old_size").Number(result.old_size);
  out.Name("tiles").Number(result.tiles);
  out.Name("bundles").Number(result.bundles);
  out.Name("bundles_left_out").Number(result.left_out);
  out.Name("records_too_long").Number(result.too_long);
  EndJson(out, result.tree_size, result.root, context);
}

void PrintTilesText(const TlogExport& request, const TilesResult& result,
                    Context& context) {
  context.out << (result.old_size > 0 ? "extended " : "exported ")
              << EscapeForTerminal(request.out);
  if (result.old_size > 0) {
    context.out << " from " << GroupDigits(result.old_size);
  }
  context.out << (result.old_size > 0 ? " to " : ", a log of ")
              << GroupDigits(result.tree_size)
              << " records: " << GroupDigits(result.tiles) << " hash tiles, "
              << GroupDigits(result.bundles) << " entry bundles\n";
}

}  // namespace

Result<ExitStatus> ExportTiles(const TlogExport& request,
                               const std::vector<std::string>& filter_words,
                               Context& context) {
  if (!filter_words.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 filter_words.front() +
                     " does not go with tlog-tiles: a tree "
                     "has all its records or is none",
                 "leave the filter out, or use --format tlog-proof or bundle"};
  }
  TRY_ASSIGN(const TilesResult result,
             WriteTiles(context.file_system, request.reading.archive,
                        {.pin = request.reading.pin,
                         .out_path = request.out,
                         .threads = request.reading.threads}));
  if (request.json) {
    PrintTilesJson(request, result, context);
  } else {
    PrintTilesText(request, result, context);
  }
  if (result.too_long == 0) {
    return ExitStatus::kDone;
  }
  PrintWarning(context,
               std::to_string(result.too_long) +
                   " records are longer than 65 535 bytes and cannot be "
                   "entries; " +
                   std::to_string(result.left_out) +
                   " bundles were left out, their hash tiles are there");
  return ExitStatus::kPartial;
}

ExitStatus ConcludeExport(std::uint64_t unsealed_skipped, Context& context) {
  if (unsealed_skipped == 0) {
    return ExitStatus::kDone;
  }
  PrintWarning(context, std::to_string(unsealed_skipped) +
                            " matching records are not published yet and were "
                            "left out; seal, then export again");
  return ExitStatus::kPartial;
}

Result<ExitStatus> ExportTlogProofs(const TlogExport& request,
                                    const EventFilter& filter,
                                    Context& context) {
  TRY_ASSIGN(const BundleResult result,
             WriteTlogProofs(context.file_system, request.reading.archive,
                             request.reading.mapper, filter,
                             {.pin = request.reading.pin,
                              .out_path = request.out,
                              .threads = request.reading.threads}));
  if (request.json) {
    JsonWriter out;
    BeginJson(out, request, "tlog-proof");
    out.Name("records").Number(result.records);
    out.Name("withheld").Number(result.withheld);
    out.Name("unsealed_skipped").Number(result.unsealed_skipped);
    EndJson(out, result.tree_size, result.root, context);
  } else {
    context.out << "exported " << GroupDigits(result.records)
                << " records with a proof each in the tree of "
                << GroupDigits(result.tree_size) << " to "
                << EscapeForTerminal(request.out) << '\n';
  }
  if (result.records == 0) {
    PrintWarning(context, "no published record matches; the folder is empty");
  }
  return ConcludeExport(result.unsealed_skipped, context);
}

}  // namespace authseal
