// What authseal verify says about witnesses.
#ifndef AUTHSEAL_CMD_VERIFY_WITNESSES_H_
#define AUTHSEAL_CMD_VERIFY_WITNESSES_H_

#include <string>
#include <vector>

#include "cmd/verify.h"
#include "lib/json/writer.h"

namespace authseal {

// Reads --policy into `verify`. Error kInvalidArgument when it lists logs and
// none of `identities` is one of them.
Status AddWitnessPolicy(const VerifyCommandOptions& options,
                        const IdentityChain& identities, Context& context,
                        VerifyOptions& verify);

// What --policy and --require-witness ask for and is not so.
void AddUnmetWitnesses(const VerifyCommandOptions& options,
                       const VerifyReport& report,
                       const std::optional<WitnessPolicy>& policy,
                       std::vector<std::string>& unmet);

// The members "witnesses" and "witnessed_size".
void WriteWitnesses(const VerifyReport& report, JsonWriter& out);
void PrintWitnesses(const VerifyReport& report, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_VERIFY_WITNESSES_H_
