// The one table of exit statuses; authseal(1), EXIT STATUS, and the README
// repeat it.
#ifndef AUTHSEAL_CMD_EXIT_STATUS_H_
#define AUTHSEAL_CMD_EXIT_STATUS_H_

#include "lib/base/result.h"

namespace authseal {

enum class ExitStatus {
  kDone = 0,
  kFindings = 1,  // damage or tampering; a bundle that does not check out
  kUsage = 2,     // usage or configuration
  kWeaker = 3,    // verified, but weaker than a --require-…
  kPartial = 4,   // input kept unparsed; unsealed records left out
  kNothing = 5,   // query --fail-if-empty and nothing matched
  kNotArchive = 10,
  kLocked = 11,
  kKey = 12,  // missing, wrong, or readable by others
  kNewerVersion = 13,
  kInternal = 70,   // a bug of ours
  kIo = 74,         // I/O error, disk full
  kTemporary = 75,  // try again
};

ExitStatus ExitStatusOf(ErrorCode code);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_EXIT_STATUS_H_
