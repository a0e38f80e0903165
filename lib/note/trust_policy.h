// Which witnesses a verifier knows, and how many of them it wants: a policy
// file of c2sp.org/tlog-policy. Pure.
//
//     log <vkey> [url]
//     witness <name> <vkey> [url]
//     group <name> all|any|<k> <member>...
//     quorum <name>|none
//
// Stricter than the page in nothing; names are opaque bytes, as there.
#ifndef AUTHSEAL_NOTE_TRUST_POLICY_H_
#define AUTHSEAL_NOTE_TRUST_POLICY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/note/cosignature.h"
#include "lib/note/signed_note.h"

namespace authseal {

inline constexpr std::size_t kPolicySizeBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kPolicyEntriesMax = 256;  // of each kind

struct TrustPolicy {
  struct Log {
    VerificationKey key;
    std::string url = {};  // empty when none is given
  };
  struct Witness {
    std::string name;  // within the policy
    // Empty for ML-DSA-44 (0x06), which this version cannot verify: such a
    // witness never counts, and a quorum may still be met without it.
    std::optional<WitnessKey> key;
    std::string url = {};
  };
  // A witness, or a group that stands before the one it is a member of.
  struct Member {
    bool is_group = false;
    std::size_t index = 0;
    bool operator==(const Member&) const = default;
  };
  struct Group {
    std::string name;
    std::size_t threshold = 1;  // 1 <= threshold <= members.size()
    std::vector<Member> members = {};
  };

  std::vector<Log> logs;
  std::vector<Witness> witnesses;
  std::vector<Group> groups;
  std::optional<Member> quorum;  // empty: none

  // Error kInvalidArgument, "line <n>: …".
  static Result<TrustPolicy> Parse(std::string_view text);

  // "quorum <name>", for messages.
  std::string QuorumName() const;
  // Whether the witnesses that cosigned suffice; cosigned[i] is of
  // witnesses[i].
  bool QuorumMet(const std::vector<bool>& cosigned) const;
};

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_TRUST_POLICY_H_
