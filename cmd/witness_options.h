// Which witnesses seal and cosign ask, and what they answered. Shared by the
// commands that bring checkpoints to witnesses.
#ifndef AUTHSEAL_CMD_WITNESS_OPTIONS_H_
#define AUTHSEAL_CMD_WITNESS_OPTIONS_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "lib/base/result.h"
#include "lib/json/writer.h"
#include "lib/note/trust_policy.h"
#include "lib/witness/cosigning.h"

namespace CLI {
class App;
}

namespace authseal {

struct WitnessOptions {
  std::vector<std::string> witnesses;  // "<url>=<vkey>"
  std::string policy;                  // path
};

void AddWitnessOptions(CLI::App& command, WitnessOptions& options);

// Error kInvalidArgument with path and line, kIo.
Result<TrustPolicy> LoadPolicy(Context& context, const std::string& path);

// Those of --policy that have a URL, then those of --witness; the same key
// and URL once. Errors: kInvalidArgument, kKey, kIo.
Result<std::vector<WitnessEndpoint>> WitnessesToAsk(
    const WitnessOptions& options, Context& context);

// Asks after a seal: nothing that goes wrong is more than a warning. Empty
// when there is nobody to ask, or what went wrong was said.
std::optional<CosignResult> AskAfterSeal(
    const std::vector<WitnessEndpoint>& witnesses, const std::string& archive,
    const std::string& keys_path, Context& context);

// On stderr, for each witness that did not cosign the newest checkpoint.
void WarnOfWitnesses(const CosignResult& result, Context& context);
// A line each on stdout for those that did, and the warnings.
void PrintCosigned(const CosignResult& result, Context& context);
// The member "witnesses": an array, empty for nobody.
void WriteCosigned(const std::optional<CosignResult>& result, JsonWriter& out);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_WITNESS_OPTIONS_H_
