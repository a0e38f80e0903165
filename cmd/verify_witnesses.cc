#include "cmd/verify_witnesses.h"

#include <algorithm>

#include "cmd/output.h"
#include "cmd/witness_options.h"
#include "lib/base/escape.h"
#include "lib/base/time.h"

namespace authseal {

namespace {

// Clocks of witnesses may be ahead of ours by so much.
constexpr std::uint64_t kClockAheadSecondsMax = 3600;

std::string TimeText(std::uint64_t seconds) {
  // No later than an hour from now, so it fits.
  return FormatRfc3339({static_cast<std::int64_t>(seconds) * kNanosPerSecond});
}

}  // namespace

Status AddWitnessPolicy(const VerifyCommandOptions& options,
                        const IdentityChain& identities, Context& context,
                        VerifyOptions& verify) {
  if (options.policy.empty()) {
    return Ok();
  }
  TRY_ASSIGN(TrustPolicy policy, LoadPolicy(context, options.policy));
  const bool names_log =
      policy.logs.empty() ||
      std::any_of(policy.logs.begin(), policy.logs.end(),
                  [&identities](const TrustPolicy::Log& log) {
                    return identities.Contains(log.key);
                  });
  if (!names_log) {
    return Error{ErrorCode::kInvalidArgument,
                 "--policy " + options.policy +
                     " is for other logs: none of "
                     "its log lines has " +
                     FormatVerificationKey(identities.newest()),
                 "give the policy that is meant for this log, or add its key"};
  }
  const std::int64_t now = context.clock.Now().value / kNanosPerSecond;
  verify.witnesses = WitnessPolicy{
      .policy = std::move(policy),
      .latest_time_seconds =
          static_cast<std::uint64_t>(std::max<std::int64_t>(now, 0)) +
          kClockAheadSecondsMax};
  return Ok();
}

void AddUnmetWitnesses(const VerifyCommandOptions& options,
                       const VerifyReport& report,
                       const std::optional<WitnessPolicy>& policy,
                       std::vector<std::string>& unmet) {
  const bool has_quorum =
      policy.has_value() && policy->policy.quorum.has_value();
  if (has_quorum && (report.checkpoint_size == 0 ||
                     report.witnessed_size < report.checkpoint_size)) {
    unmet.push_back("--policy: " + policy->policy.QuorumName() +
                    " did not cosign the newest checkpoint, of " +
                    GroupDigits(report.checkpoint_size) +
                    " records; it is "
                    "met for " +
                    GroupDigits(report.witnessed_size));
  }
  if (options.require_witness == 0) {
    return;
  }
  const std::string option =
      "--require-witness " + std::to_string(options.require_witness) + ": ";
  if (!policy.has_value()) {
    unmet.push_back(option + "no --policy names the witnesses' keys");
  } else if (report.witnesses_of_newest < options.require_witness) {
    unmet.push_back(option + std::to_string(report.witnesses_of_newest) +
                    " of the policy's witnesses cosigned the newest "
                    "checkpoint");
  }
}

void WriteWitnesses(const VerifyReport& report, JsonWriter& out) {
  out.Name("witnesses").BeginArray();
  for (const WitnessResult& witness : report.witnesses) {
    out.BeginObject().Name("name").String(witness.name).Name("key");
    if (witness.key.has_value()) {
      out.String(FormatWitnessKey(*witness.key));
    } else {
      out.Null();
    }
    out.Name("checkpoints").Number(std::uint64_t{witness.checkpoints});
    out.Name("size").Number(witness.size).Name("time");
    if (witness.size > 0) {
      out.String(TimeText(witness.time_seconds));
    } else {
      out.Null();
    }
    out.End();
  }
  out.End().Name("witnessed_size").Number(report.witnessed_size);
}

void PrintWitnesses(const VerifyReport& report, Context& context) {
  for (const WitnessResult& witness : report.witnesses) {
    context.out << "Witness     " << EscapeForTerminal(witness.name);
    if (!witness.key.has_value()) {
      context.out << ", not checked: its algorithm is not known here\n";
    } else if (witness.size == 0) {
      context.out << ", cosigned nothing here\n";
    } else {
      context.out << ", cosigned " << GroupDigits(witness.checkpoints)
                  << (witness.checkpoints == 1 ? " checkpoint, of "
                                               : " checkpoints, the newest of ")
                  << GroupDigits(witness.size) << " records at "
                  << TimeText(witness.time_seconds) << '\n';
    }
  }
}

}  // namespace authseal
