// authseal stamp: has a published checkpoint timestamped by an authority.
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/stamping.h"
#include "cmd/user_file.h"
#include "lib/archive/layout.h"
#include "lib/base/escape.h"
#include "lib/base/time.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

constexpr std::uint32_t kRequestFileMode = 0644;

struct StampOptions {
  std::string archive;
  TsaOptions tsa;
  std::string request_file;
  std::string response_file;
  std::optional<std::uint64_t> tree_size;  // none: the newest
  unsigned wait_seconds = 30;
  bool json = false;
};

std::string Below(const std::string& name) {
  return std::string(kCheckpointsName) + "/" + name;
}

void PrintJson(std::uint64_t tree_size, const std::string& request_file,
               const Stamped* stamped, bool verified, Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/stamp@1");
  out.Name("tree_size").Number(tree_size);
  out.Name("checkpoint").String(Below(CheckpointName(tree_size)));
  out.Name("request");
  if (request_file.empty()) {
    out.Null();
  } else {
    out.String(request_file);
  }
  out.Name("timestamp");
  if (stamped == nullptr) {
    out.Null();
  } else {
    const TimestampStatement& statement = stamped->reply.statement();
    out.BeginObject();
    out.Name("file").String(Below(TimestampReplyName(tree_size)));
    out.Name("time").String(FormatRfc3339(statement.time));
    out.Name("no_later_than").String(FormatRfc3339(statement.no_later_than()));
    out.Name("tsa").String(stamped->reply.tsa());
    out.Name("policy").String(statement.policy);
    out.Name("serial").String(statement.serial);
    out.Name("verified").Bool(verified);
    out.Name("new").Bool(stamped->is_new).End();
  }
  out.End();
  context.out << out.text() << '\n';
}

void PrintStamped(const StampOptions& options, std::uint64_t tree_size,
                  const Stamped& stamped, bool verified, Context& context) {
  if (options.json) {
    PrintJson(tree_size, "", &stamped, verified, context);
    return;
  }
  context.out << (stamped.is_new ? "stamped " : "stamped before: ")
              << Below(CheckpointName(tree_size)) << " at "
              << FormatRfc3339(stamped.reply.statement().time) << "\nby "
              << EscapeForTerminal(stamped.reply.tsa())
              << (verified ? ""
                           : ", as it says itself; authseal verify --tsa-ca "
                             "checks it")
              << "\ntimestamp " << Below(TimestampReplyName(tree_size))
              << "\nkeep a copy of both away from this host\n";
}

Result<ExitStatus> WriteRequest(const StampOptions& options,
                                std::uint64_t tree_size,
                                Timestamping& timestamping, Context& context) {
  TRY_ASSIGN(const auto present, timestamping.Find(tree_size));
  if (present.has_value()) {
    return Error{ErrorCode::kAlreadyExists,
                 Below(CheckpointName(tree_size)) + " has a timestamp already",
                 "nothing is to do; --size names another checkpoint"};
  }
  TRY_ASSIGN(const ByteVector nonce, RandomTimestampNonce());
  TRY_ASSIGN(const ByteVector request, timestamping.Request(tree_size, nonce));
  TRY(CreateUserFile(context.file_system, options.request_file, request,
                     kRequestFileMode));
  if (options.json) {
    PrintJson(tree_size, options.request_file, nullptr, false, context);
    return ExitStatus::kDone;
  }
  const std::string path = EscapeForTerminal(options.request_file);
  context.out << "request for " << Below(CheckpointName(tree_size)) << " in "
              << path
              << "\n\nSend it from a host with network, and bring back the "
                 "answer:\n\n  curl -H 'Content-Type: "
                 "application/timestamp-query' --data-binary @"
              << path << " -o reply.tsr URL\n  authseal stamp "
              << EscapeForTerminal(options.archive) << " --size " << tree_size
              << " --response reply.tsr\n";
  return ExitStatus::kDone;
}

Result<Stamped> TakeResponse(const StampOptions& options,
                             std::uint64_t tree_size, const Tsa& tsa,
                             Timestamping& timestamping, Context& context) {
  TRY_ASSIGN(auto present, timestamping.Find(tree_size));
  if (present.has_value()) {
    return Stamped{*std::move(present), false};
  }
  TRY_ASSIGN(const ByteVector answer,
             ReadUserFile(context.file_system, options.response_file,
                          kTimestampSizeBytesMax));
  auto reply = timestamping.Check(tree_size, answer, tsa.trusted());
  if (!reply.has_value()) {
    Error error = std::move(reply).error();
    return error.code == ErrorCode::kInvalidArgument
               ? std::move(error).With(options.response_file)
               : error;
  }
  TRY(timestamping.Keep(tree_size, answer));
  return Stamped{*std::move(reply), true};
}

Result<ExitStatus> RunStamp(const StampOptions& options, Context& context) {
  if (int{!options.tsa.url.empty()} + int{!options.request_file.empty()} +
          int{!options.response_file.empty()} !=
      1) {
    return Error{
        ErrorCode::kInvalidArgument,
        "how to reach a timestamping authority is not said, or in two ways",
        "give one of --tsa URL, --request FILE, --response FILE"};
  }
  TRY_ASSIGN(const Tsa tsa, MakeTsa(options.tsa, context));
  TRY_ASSIGN(Timestamping timestamping,
             Timestamping::Open(context.file_system, options.archive));
  std::uint64_t tree_size = options.tree_size.value_or(0);
  if (!options.tree_size.has_value()) {
    TRY_ASSIGN(tree_size, timestamping.NewestSize());
  }
  if (!options.request_file.empty()) {
    return WriteRequest(options, tree_size, timestamping, context);
  }
  TRY_ASSIGN(
      const Stamped stamped,
      options.response_file.empty()
          ? StampCheckpoint(timestamping, tree_size, tsa,
                            std::chrono::seconds(options.wait_seconds))
          : TakeResponse(options, tree_size, tsa, timestamping, context));
  if (!stamped.is_new && tsa.trusted() != nullptr) {
    Status trusted = stamped.reply.Verify(*tsa.trusted());
    if (!trusted.has_value()) {
      return std::move(trusted)
          .error()
          .With(Below(TimestampReplyName(tree_size)))
          .WithHint(
              "it is not by one of the authorities given; see authseal "
              "verify --tsa-ca");
    }
  }
  PrintStamped(options, tree_size, stamped, tsa.trusted() != nullptr, context);
  return ExitStatus::kDone;
}

}  // namespace

void RegisterStamp(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<StampOptions>();
  CLI::App* command = app.add_subcommand(
      "stamp", "Have a published checkpoint timestamped by an authority");
  command->add_option("archive", options->archive, "Archive directory")
      ->required();
  AddTsaOptions(*command, options->tsa);
  command->add_option(
      "--request", options->request_file,
      "Write the request to this file, for a host with network");
  command->add_option("--response", options->response_file,
                      "Take the authority's answer from this file");
  command->add_option("--size", options->tree_size,
                      "Tree size of the checkpoint (default: the newest)");
  command
      ->add_option("--wait", options->wait_seconds,
                   "Seconds to wait for the authority (default: 30)")
      ->check(CLI::Range(1u, 3600u));
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"stamp", options->json,
              [options, &context] { return RunStamp(*options, context); }};
  });
}

}  // namespace authseal
