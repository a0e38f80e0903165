// What a verifier remembers of a target between runs. It is kept under the
// path as it was named and under the path that this leads to, so that a link
// put in a known place, or another way to it, forgets nothing. See
// authseal-verify(1), STATE.
#ifndef AUTHSEAL_CMD_VERIFY_MEMORY_H_
#define AUTHSEAL_CMD_VERIFY_MEMORY_H_

#include <optional>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "lib/base/result.h"
#include "lib/verify/report.h"
#include "lib/verify/verifier_state.h"

namespace authseal {

// The target's absolute path as named, without "." and "..", and, where links
// make it another one, the real path; one or two.
std::vector<std::string> MemoryPaths(const std::string& target);

class TargetMemory {
 public:
  TargetMemory() = default;  // remembers nothing

  // Locks the places of `target` in `directory`, which is made if need be.
  // Errors: kLocked, kIo; kDamaged where a state is not whole: that is never
  // taken for a first use.
  static Result<TargetMemory> Open(Context& context,
                                   const std::string& directory,
                                   const std::string& target);
  // The same for a look, without locks and without making anything.
  static Result<TargetMemory> Peek(Context& context,
                                   const std::string& directory,
                                   const std::string& target);

  // What was accepted before, that of the named path first; no two alike but
  // for the path.
  const std::vector<VerifierState>& states() const { return states_; }
  // The one a pin is taken from; empty on first use.
  std::optional<VerifierState> state() const;

  // Replaces what is remembered by what `report` accepted, under each path.
  Status Remember(const VerifyReport& report);

 private:
  void Add(std::optional<VerifierState> state);
  std::vector<AcceptedReopening> Reopened(const VerifyReport& report) const;

  struct Place {
    std::string path;
    VerifierStateFile file;
  };
  std::vector<Place> places_;
  std::vector<VerifierState> states_;
};

}  // namespace authseal

#endif  // AUTHSEAL_CMD_VERIFY_MEMORY_H_
