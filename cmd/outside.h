// Who is asked about a checkpoint once it is published: a timestamping
// authority, witnesses. Whatever they do, the seal stands.
#ifndef AUTHSEAL_CMD_OUTSIDE_H_
#define AUTHSEAL_CMD_OUTSIDE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "cmd/stamping.h"
#include "cmd/witness_options.h"
#include "lib/base/result.h"
#include "lib/json/writer.h"

namespace authseal {

struct Outside {
  Tsa tsa;
  std::vector<WitnessEndpoint> witnesses;
  std::string keys_path;
};

// Everything that may be wrong with the options, before anything is done.
Result<Outside> MakeOutside(const TsaOptions& tsa,
                            const WitnessOptions& witness,
                            std::string keys_path, Context& context);

struct OutsideAnswers {
  std::optional<std::string> timestamp;  // path of the checkpoint's
  std::optional<CosignResult> cosigned;  // empty: nobody was to be asked
};

// About the checkpoint of `tree_size`, when it is `published`; witnesses also
// about earlier ones that wait. All are asked side by side, so that it takes
// as long as the slowest, five seconds at most. Failures are warnings.
OutsideAnswers AskOutside(const Outside& outside, const std::string& archive,
                          std::uint64_t tree_size, bool published,
                          Context& context);

// A line each on standard output, and the warnings.
void PrintAnswers(const OutsideAnswers& answers, Context& context);
// Members "timestamp" and "witnesses".
void WriteAnswers(const OutsideAnswers& answers, JsonWriter& out);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_OUTSIDE_H_
