#include "cmd/verify.h"

#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/output.h"
#include "lib/base/escape.h"

namespace authseal {

namespace {

void AddDepthOptions(CLI::App& command, VerifyCommandOptions& options) {
  CLI::Option* quick = command.add_flag(
      "--quick", options.quick,
      "Compare stored bytes with what is signed, without decompressing");
  command
      .add_flag("--derived", options.derived,
                "Rebuild what follows from the records as well")
      ->excludes(quick);
  command
      .add_option("--checkpoint", options.checkpoints,
                  "A checkpoint kept elsewhere that the archive must contain; "
                  "repeatable")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--after-checkpoint", options.after_checkpoint,
                     "As --checkpoint, and check in full only what is newer");
}

void AddRequireOptions(CLI::App& command, VerifyCommandOptions& options) {
  command.add_option("--policy", options.policy,
                     "Witnesses and the quorum of them that must have "
                     "cosigned; exit 3 unless they did");
  command.add_flag("--require-pin", options.require_pin,
                   "Exit 3 unless key and genesis were known beforehand");
  command.add_flag("--require-checkpoint", options.require_checkpoint,
                   "Exit 3 unless a checkpoint covers all sealed records");
  command.add_flag("--require-sealed", options.require_sealed,
                   "Exit 3 if there are unsealed records");
  command.add_option("--require-witness", options.require_witness,
                     "Exit 3 unless so many witnesses of the policy cosigned");
  AddReopeningOption(command, options.accept_reopened);
  command.add_flag("--require-timestamp", options.require_timestamp,
                   "Exit 3 unless the newest checkpoint is timestamped");
}

void AddTimestampOptions(CLI::App& command, VerifyCommandOptions& options) {
  CLI::Option* ca =
      command.add_option("--tsa-ca", options.tsa_ca,
                         "CA certificates of the timestamping authorities that "
                         "count (PEM)");
  command
      .add_option("--tsa-policy", options.tsa_policies,
                  "Policy a timestamp must be under (OID); repeatable")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->needs(ca)
      ->check([](const std::string& text) {
        return text.find_first_not_of("0123456789.") == std::string::npos
                   ? std::string()
                   : std::string("give an OID, as 1.2.3.4");
      });
}

void AddOptions(CLI::App& command, VerifyCommandOptions& options) {
  command.add_option("target", options.targets, "Archives and bundles")
      ->required();
  command.add_option("--key", options.key,
                     "Verification key, or a file with it (identity.pub)");
  command.add_option("--keys", options.keys,
                     "Key directory (default: ARCHIVE.keys)");
  AddDepthOptions(command, options);
  AddRequireOptions(command, options);
  AddTimestampOptions(command, options);
  CLI::Option* state_dir = command.add_option(
      "--state-dir", options.state_dir, "Where to remember what was verified");
  command
      .add_flag("--no-state", options.no_state,
                "Neither use nor keep a memory of earlier runs")
      ->excludes(state_dir);
  command.add_option("--jobs", options.jobs, "Threads (default: one a core)");
  CLI::Option* quiet = command.add_flag("-q,--quiet", options.quiet,
                                        "Print nothing when all is well");
  command
      .add_flag("-v,--verbose", options.verbose,
                "Print the report, not the verdict alone")
      ->excludes(quiet);
  command.add_flag("--json", options.json, "Print the result as JSON");
}

void PrintVerified(const VerifyCommandOptions& options,
                   const VerifiedTarget& verified, Context& context) {
  if (options.json) {
    PrintVerifiedJson(options, verified, context);
  } else {
    PrintVerifiedText(options, verified, context);
  }
}

// The verdict also where nothing could be looked at.
void PrintNotLooked(const VerifyCommandOptions& options,
                    const std::string& target, const Error& error,
                    Context& context) {
  if (!options.json) {
    context.out << "NOT VERIFIED " << EscapeForTerminal(target)
                << ": could not be checked: "
                << EscapeForTerminal(error.message) << '\n';
  }
}

// Findings outweigh what could not be looked at, and that a weakness.
ExitStatus Worse(ExitStatus left, ExitStatus right) {
  const auto rank = [](ExitStatus status) {
    if (status == ExitStatus::kDone) {
      return 0;
    }
    if (status == ExitStatus::kWeaker) {
      return 1;
    }
    return status == ExitStatus::kFindings ? 3 : 2;
  };
  return rank(right) > rank(left) ? right : left;
}

Result<ExitStatus> RunVerify(const VerifyCommandOptions& options,
                             Context& context) {
  ExitStatus status = ExitStatus::kDone;
  for (const std::string& target : options.targets) {
    Result<VerifiedTarget> verified = VerifyTarget(options, target, context);
    if (verified.has_value()) {
      PrintVerified(options, *verified, context);
      status = Worse(status, verified->status());
      continue;
    }
    Error error = std::move(verified).error();
    PrintNotLooked(options, target, error, context);
    if (options.targets.size() == 1) {
      return error;
    }
    const ExitStatus failed = ExitStatusOf(error.code);
    PrintError(context, std::move(error).With(target), failed, options.json);
    status = Worse(status, failed);
  }
  return status;
}

}  // namespace

void RegisterVerify(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<VerifyCommandOptions>();
  CLI::App* command = app.add_subcommand(
      "verify", "Prove that nothing was changed, removed or rolled back");
  AddOptions(*command, *options);
  command->callback([options, &context, &chosen] {
    chosen = {"verify", options->json,
              [options, &context] { return RunVerify(*options, context); }};
  });
}

}  // namespace authseal
