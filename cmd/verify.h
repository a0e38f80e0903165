// authseal verify: proves that nothing was changed, removed, reordered or
// rolled back. See authseal-verify(1).
#ifndef AUTHSEAL_CMD_VERIFY_H_
#define AUTHSEAL_CMD_VERIFY_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "cmd/exit_status.h"
#include "cmd/key_options.h"
#include "cmd/reopening_options.h"
#include "lib/archive/identity_chain.h"
#include "lib/base/result.h"
#include "lib/verify/report.h"

namespace authseal {

struct VerifyCommandOptions {
  std::vector<std::string> targets;  // archives and bundles
  std::string key;
  std::string keys;
  bool quick = false;
  bool derived = false;
  std::vector<std::string> checkpoints;
  std::string after_checkpoint;
  std::string policy;  // path
  bool require_pin = false;
  bool require_checkpoint = false;
  bool require_sealed = false;
  unsigned require_witness = 0;
  bool require_timestamp = false;
  std::string tsa_ca;  // a file of CA certificates
  std::vector<std::string> tsa_policies;
  std::vector<KnownReopening> accept_reopened;
  std::string state_dir;
  bool no_state = false;
  unsigned jobs = 0;  // 0: one a core
  bool quiet = false;
  bool verbose = false;
  bool json = false;

  // "full", "quick" or "derived".
  std::string depth() const {
    return quick ? "quick" : derived ? "derived" : "full";
  }
};

// What was found out about one target.
struct VerifiedTarget {
  std::string target;
  bool is_bundle = false;
  VerifyReport report;
  PinSource key_source = PinSource::kOption;
  bool has_genesis = true;         // the pin says which archive is meant
  std::vector<std::string> unmet;  // "--require-sealed: 312 records are not"
  std::optional<KnownCheckpointResult> previous;  // what it was compared with
  std::set<std::uint64_t> unaccepted;             // reopened epochs

  ExitStatus status() const {
    if (!report.verified()) {
      return ExitStatus::kFindings;
    }
    return unmet.empty() && unaccepted.empty() ? ExitStatus::kDone
                                               : ExitStatus::kWeaker;
  }
};

// Verifies one target and, when everything passed, remembers what it saw.
Result<VerifiedTarget> VerifyTarget(const VerifyCommandOptions& options,
                                    const std::string& target,
                                    Context& context);

// The chain of identity keys around the pinned one. Errors: kIo, kTemporary.
Result<IdentityChain> LoadIdentities(Context& context, const std::string& path,
                                     bool is_bundle, const Pin& pin);

// Checkpoints kept by the user. One that does not verify under the identity key
// whose turn it was is a finding, for it may be the archive's key that was
// exchanged. Errors: kIo, kNotFound, kInvalidArgument (no checkpoint at all).
struct KeptCheckpoints {
  std::vector<KnownCheckpoint> known;
  std::vector<Finding> findings;
};
Status LoadKeptCheckpoint(Context& context, const std::string& path,
                          const IdentityChain& identities,
                          KeptCheckpoints& kept);

// Which --require-… do not hold.
std::vector<std::string> UnmetRequirements(const VerifyCommandOptions& options,
                                           const VerifiedTarget& verified,
                                           const VerifyOptions& verify);

void PrintVerifiedText(const VerifyCommandOptions& options,
                       const VerifiedTarget& verified, Context& context);
void PrintVerifiedJson(const VerifyCommandOptions& options,
                       const VerifiedTarget& verified, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_VERIFY_H_
