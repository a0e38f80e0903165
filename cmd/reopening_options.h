// Which reopened epochs the user says are known: --accept-reopened.
#ifndef AUTHSEAL_CMD_REOPENING_OPTIONS_H_
#define AUTHSEAL_CMD_REOPENING_OPTIONS_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/verify/known_reopening.h"
#include "lib/verify/report.h"
#include "lib/verify/verifier_state.h"

namespace CLI {
class App;
}

namespace authseal {

// "412", or "412:<64 hex digits>" for that one statement of the epoch. Error
// kInvalidArgument.
Result<KnownReopening> ParseKnownReopening(const std::string& text);
// What ParseKnownReopening() reads, with a statement.
std::string FormatReopening(std::uint64_t epoch, const Hash& statement);

// --accept-reopened; what is none ends the parsing, as usage.
void AddReopeningOption(CLI::App& command, std::vector<KnownReopening>& known);

// Epochs of `report` that neither the user nor a state accepts: whoever has
// the identity key can have made a reopened epoch, so somebody has to say that
// it is known. `say`: on stderr, what was accepted without a statement to hold
// it against, and what is another statement than the user's.
std::set<std::uint64_t> UnacceptedEpochs(
    const std::vector<KnownReopening>& known,
    const std::vector<VerifierState>& states, const VerifyReport& report,
    bool say, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_REOPENING_OPTIONS_H_
