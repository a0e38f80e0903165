#include "cmd/witness_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "cmd/output.h"
#include "lib/base/escape.h"
#include "lib/base/time.h"
#include "lib/net/http_url.h"

namespace authseal {

namespace {

// "<url>=<vkey>"; a URL that may be asked has no '='.
Result<WitnessEndpoint> ParseWitnessOption(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    return Error{ErrorCode::kInvalidArgument,
                 "--witness " + text + " does not say the witness's key",
                 "give it as URL=KEY, with the key that authseal witness "
                 "printed, or name the witness in a --policy file"};
  }
  Result<WitnessKey> key = ParseWitnessKey(text.substr(equals + 1));
  if (!key) {
    return std::move(key).error().With("--witness");
  }
  WitnessEndpoint endpoint{
      .name = key->name, .key = *key, .url = text.substr(0, equals)};
  Status url = CheckHttpUrl(endpoint.url);
  if (!url) {
    return std::move(url).error().With("--witness");
  }
  return endpoint;
}

void AddOnce(WitnessEndpoint endpoint,
             std::vector<WitnessEndpoint>& endpoints) {
  const bool there =
      std::any_of(endpoints.begin(), endpoints.end(),
                  [&endpoint](const WitnessEndpoint& one) {
                    return one.key == endpoint.key && one.url == endpoint.url;
                  });
  if (!there) {
    endpoints.push_back(std::move(endpoint));
  }
}

std::string TimeText(std::uint64_t seconds) {
  constexpr auto kSecondsMax = std::uint64_t{9'223'372'036};  // of UnixNanos
  return FormatRfc3339(
      {static_cast<std::int64_t>(std::min(seconds, kSecondsMax)) *
       kNanosPerSecond});
}

}  // namespace

void AddWitnessOptions(CLI::App& command, WitnessOptions& options) {
  command
      .add_option("--witness", options.witnesses,
                  "URL=KEY of a witness to ask; repeatable")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--policy", options.policy,
                     "Policy file; its witnesses that have a URL are asked");
}

Result<TrustPolicy> LoadPolicy(Context& context, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const bool has_slash = slash != std::string::npos;
  TRY_ASSIGN(const auto directory,
             context.file_system.OpenDirectory(
                 has_slash ? path.substr(0, slash + 1) : "."));
  const Result<ByteVector> text =
      ReadWholeFile(*directory, has_slash ? path.substr(slash + 1) : path,
                    kPolicySizeBytesMax);
  if (!text) {
    return Error(text.error()).With("--policy " + path);
  }
  Result<TrustPolicy> policy = TrustPolicy::Parse(AsText(*text));
  if (!policy) {
    return std::move(policy).error().With("--policy " + path);
  }
  return policy;
}

Result<std::vector<WitnessEndpoint>> WitnessesToAsk(
    const WitnessOptions& options, Context& context) {
  std::vector<WitnessEndpoint> endpoints;
  if (!options.policy.empty()) {
    TRY_ASSIGN(const TrustPolicy policy, LoadPolicy(context, options.policy));
    for (const TrustPolicy::Witness& witness : policy.witnesses) {
      if (!witness.key.has_value() || witness.url.empty()) {
        continue;
      }
      Status url = CheckHttpUrl(witness.url);
      if (!url) {
        return std::move(url).error().With("--policy " + options.policy +
                                           ": witness " + witness.name);
      }
      AddOnce({witness.name, *witness.key, witness.url}, endpoints);
    }
  }
  for (const std::string& text : options.witnesses) {
    TRY_ASSIGN(WitnessEndpoint endpoint, ParseWitnessOption(text));
    AddOnce(std::move(endpoint), endpoints);
  }
  if (endpoints.empty() && !options.policy.empty()) {
    return Error{
        ErrorCode::kInvalidArgument,
        "--policy " + options.policy + " names no witness that can be asked",
        "write the witness's URL at the end of its line"};
  }
  return endpoints;
}

std::optional<CosignResult> AskAfterSeal(
    const std::vector<WitnessEndpoint>& witnesses, const std::string& archive,
    const std::string& keys_path, Context& context) {
  if (witnesses.empty()) {
    return std::nullopt;
  }
  Result<KeyStore> keys = KeyStore::Open(context.file_system, keys_path);
  Result<CosignResult> result =
      keys ? CosignCheckpoints(context.file_system, archive, *keys, witnesses,
                               context.clock, kCosignTimeMax, PostOverHttp())
           : Result<CosignResult>(keys.error());
  if (!result) {
    PrintWarning(context,
                 "sealed, but no witness was asked or no cosignature "
                 "was stored: " +
                     result.error().message);
    return std::nullopt;
  }
  return *std::move(result);
}

void WarnOfWitnesses(const CosignResult& result, Context& context) {
  for (const CosignOutcome& outcome : result.witnesses) {
    if (outcome.error.has_value()) {
      PrintWarning(context, "the witness " + outcome.name + " did not cosign " +
                                std::to_string(result.newest_size) +
                                " records: " + outcome.error->message +
                                (outcome.error->hint.empty()
                                     ? std::string()
                                     : "; " + outcome.error->hint));
    }
  }
}

void PrintCosigned(const CosignResult& result, Context& context) {
  for (const CosignOutcome& outcome : result.witnesses) {
    if (outcome.is_newest) {
      context.out << "cosigned by " << EscapeForTerminal(outcome.name) << " at "
                  << TimeText(outcome.time_seconds) << '\n';
    }
  }
  WarnOfWitnesses(result, context);
}

void WriteCosigned(const std::optional<CosignResult>& result, JsonWriter& out) {
  out.Name("witnesses").BeginArray();
  if (result.has_value()) {
    for (const CosignOutcome& outcome : result->witnesses) {
      out.BeginObject().Name("name").String(outcome.name);
      out.Name("url").String(outcome.url);
      out.Name("cosigned").Bool(outcome.is_newest);
      out.Name("size").Number(outcome.size).Name("time");
      if (outcome.size > 0) {
        out.String(TimeText(outcome.time_seconds));
      } else {
        out.Null();
      }
      out.Name("error");
      if (outcome.error.has_value()) {
        out.String(outcome.error->message);
      } else {
        out.Null();
      }
      out.End();
    }
  }
  out.End();
}

}  // namespace authseal
