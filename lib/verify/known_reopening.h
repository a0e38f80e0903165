// A reopened epoch that a person says is known.
#ifndef AUTHSEAL_VERIFY_KNOWN_REOPENING_H_
#define AUTHSEAL_VERIFY_KNOWN_REOPENING_H_

#include <cstdint>
#include <optional>

#include "lib/base/types.h"

namespace authseal {

// The statement is the SHA-256 of the epoch's reopen record; empty: whatever
// statement is there.
struct KnownReopening {
  std::uint64_t epoch = 0;
  std::optional<Hash> statement;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_KNOWN_REOPENING_H_
