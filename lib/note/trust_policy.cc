#include "lib/note/trust_policy.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/encoding.h"
#include "lib/note/typed_key.h"

namespace authseal {
namespace {

constexpr std::uint8_t kNoteAlgorithmMlDsa44 = 0x06;
constexpr std::size_t kMlDsa44KeySizeBytes = 1312;
constexpr std::string_view kNoQuorum = "none";

Error Bad(std::string what) {
  return {ErrorCode::kInvalidArgument, std::move(what),
          "authseal-verify(1), POLICY, says what a policy file holds"};
}

// Items of a line, separated by spaces and tabs; none for a comment.
std::vector<std::string_view> ItemsOf(std::string_view line) {
  std::vector<std::string_view> items;
  constexpr std::string_view kSpaces = " \t";
  std::size_t at = line.find_first_not_of(kSpaces);
  if (at != std::string_view::npos && line[at] == '#') {
    return items;
  }
  while (at != std::string_view::npos) {
    const std::size_t end =
        std::min(line.find_first_of(kSpaces, at), line.size());
    items.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(kSpaces, end);
  }
  return items;
}

bool HasOnlyAllowedBytes(std::string_view line) {
  return std::none_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
}

class PolicyParser {
 public:
  Status AddLine(std::string_view line) {
    if (!HasOnlyAllowedBytes(line)) {
      return Bad("a control character");
    }
    const std::vector<std::string_view> items = ItemsOf(line);
    if (items.empty()) {
      return Ok();
    }
    if (items[0] == "log") {
      return AddLog(items);
    }
    if (items[0] == "witness") {
      return AddWitness(items);
    }
    if (items[0] == "group") {
      return AddGroup(items);
    }
    if (items[0] == "quorum") {
      return SetQuorum(items);
    }
    return Bad("it begins with none of log, witness, group, quorum");
  }

  Result<TrustPolicy> Finish() && {
    if (!has_quorum_) {
      return Bad("the policy has no line 'quorum <name>' or 'quorum none'");
    }
    return std::move(policy_);
  }

 private:
  using Items = std::vector<std::string_view>;

  static Status CheckRoom(std::size_t count, std::string_view kind) {
    return count < kPolicyEntriesMax
               ? Ok()
               : Status(Bad("more than " + std::to_string(kPolicyEntriesMax) +
                            " lines '" + std::string(kind) + "'"));
  }

  Status AddLog(const Items& items) {
    if (items.size() != 2 && items.size() != 3) {
      return Bad("a log line is: log <vkey> [url]");
    }
    TRY(CheckRoom(policy_.logs.size(), "log"));
    TRY_ASSIGN(VerificationKey key, ParseVerificationKey(items[1]));
    if (!log_keys_.insert(key.key).second) {
      return Bad("the same log key a second time");
    }
    policy_.logs.push_back(
        {std::move(key), std::string(items.size() == 3 ? items[2] : "")});
    return Ok();
  }

  Status AddWitness(const Items& items) {
    if (items.size() != 3 && items.size() != 4) {
      return Bad("a witness line is: witness <name> <vkey> [url]");
    }
    TRY(CheckRoom(policy_.witnesses.size(), "witness"));
    const Result<TypedKey> typed = ParseTypedKey(items[2]);
    TrustPolicy::Witness witness{
        .name = std::string(items[1]),
        .key = {},
        .url = std::string(items.size() == 4 ? items[3] : "")};
    if (!typed || typed->algorithm() != kNoteAlgorithmMlDsa44) {
      TRY_ASSIGN(witness.key, ParseWitnessKey(items[2]));
    } else if (typed->typed_key.size() != 1 + kMlDsa44KeySizeBytes) {
      return Bad("an ML-DSA-44 key of a wrong length");
    }
    if (!witness_keys_.insert(typed->typed_key).second) {
      return Bad("the same witness key a second time");
    }
    TRY(Define(items[1], {false, policy_.witnesses.size()}));
    policy_.witnesses.push_back(std::move(witness));
    return Ok();
  }

  Status AddGroup(const Items& items) {
    if (items.size() < 4) {
      return Bad("a group line is: group <name> all|any|<k> <member>...");
    }
    TRY(CheckRoom(policy_.groups.size(), "group"));
    TrustPolicy::Group group{.name = std::string(items[1])};
    for (std::size_t i = 3; i < items.size(); ++i) {
      TRY_ASSIGN(const TrustPolicy::Member member, Find(items[i]));
      if (!grouped_.emplace(items[i]).second) {
        return Bad("\"" + std::string(items[i]) +
                   "\" is a member of a group already");
      }
      group.members.push_back(member);
    }
    const std::size_t count = group.members.size();
    if (items[2] == "all") {
      group.threshold = count;
    } else if (items[2] != "any") {
      const Result<std::uint64_t> threshold = ParseDecimal(items[2]);
      if (!threshold || *threshold == 0 || *threshold > count) {
        return Bad("a group of " + std::to_string(count) +
                   " members needs all, any or a number from 1 to " +
                   std::to_string(count));
      }
      group.threshold = static_cast<std::size_t>(*threshold);
    }
    // Last, so that no group can be a member of itself.
    TRY(Define(items[1], {true, policy_.groups.size()}));
    policy_.groups.push_back(std::move(group));
    return Ok();
  }

  Status SetQuorum(const Items& items) {
    if (items.size() != 2) {
      return Bad("a quorum line is: quorum <name>, or: quorum none");
    }
    if (has_quorum_) {
      return Bad("a second quorum line");
    }
    has_quorum_ = true;
    if (items[1] != kNoQuorum) {
      TRY_ASSIGN(policy_.quorum, Find(items[1]));
    }
    return Ok();
  }

  Status Define(std::string_view name, TrustPolicy::Member member) {
    if (name == kNoQuorum) {
      return Bad("the name \"none\" is taken");
    }
    if (!names_.emplace(name, member).second) {
      return Bad("the name \"" + std::string(name) + "\" a second time");
    }
    return Ok();
  }

  Result<TrustPolicy::Member> Find(std::string_view name) const {
    const auto found = names_.find(name);
    if (found == names_.end()) {
      return Bad("no witness or group \"" + std::string(name) +
                 "\" was defined before");
    }
    return found->second;
  }

  TrustPolicy policy_;
  std::map<std::string, TrustPolicy::Member, std::less<>> names_;
  std::set<std::string, std::less<>> grouped_;
  std::set<Ed25519PublicKey> log_keys_;
  std::set<ByteVector> witness_keys_;  // algorithm first
  bool has_quorum_ = false;
};

}  // namespace

Result<TrustPolicy> TrustPolicy::Parse(std::string_view text) {
  if (text.size() > kPolicySizeBytesMax) {
    return Bad("a policy longer than 1 MiB");
  }
  if (!text.empty() && !text.ends_with('\n')) {
    return Bad("the last line has no end: the policy was cut short");
  }
  PolicyParser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    Status added = parser.AddLine(text.substr(0, end));
    if (!added) {
      Error error = std::move(added).error();
      error.code = ErrorCode::kInvalidArgument;
      return std::move(error).With("line " + std::to_string(number));
    }
    text.remove_prefix(end + 1);
  }
  return std::move(parser).Finish();
}

std::string TrustPolicy::QuorumName() const {
  std::string name(kNoQuorum);
  if (quorum.has_value()) {
    name = quorum->is_group ? groups[quorum->index].name
                            : witnesses[quorum->index].name;
  }
  return "quorum " + name;
}

bool TrustPolicy::QuorumMet(const std::vector<bool>& cosigned) const {
  AUTHSEAL_CHECK(cosigned.size() == witnesses.size());
  if (!quorum.has_value()) {
    return true;
  }
  std::vector<bool> group_met;  // members of a group stand before it
  const auto met = [&](const Member& member) {
    return member.is_group ? group_met[member.index] : cosigned[member.index];
  };
  for (const Group& group : groups) {
    const auto count =
        std::count_if(group.members.begin(), group.members.end(), met);
    group_met.push_back(static_cast<std::size_t>(count) >= group.threshold);
  }
  return met(*quorum);
}

}  // namespace authseal
