// What a verification is given and what it says. See authseal-verify(1).
#ifndef AUTHSEAL_VERIFY_REPORT_H_
#define AUTHSEAL_VERIFY_REPORT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/types.h"
#include "lib/crypto/timestamp_reply.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"
#include "lib/note/trust_policy.h"
#include "lib/verify/finding.h"

namespace authseal {

inline constexpr std::size_t kFindingsMax = 1000;  // further ones are counted

// What the verifier knows beforehand. Without a key the archive's own one
// signer is taken on first use, which the caller must say aloud.
struct Pin {
  std::optional<VerificationKey> key;
  std::optional<Hash> genesis;
};

// A checkpoint kept elsewhere; also the verifier's memory of the last run.
struct KnownCheckpoint {
  std::string source;  // for messages: a path, or "state"
  Checkpoint checkpoint;
};

// The witnesses a verifier knows, and the latest time it believes: a
// cosignature that is dated later does not count.
struct WitnessPolicy {
  TrustPolicy policy;
  std::uint64_t latest_time_seconds = 0;  // since 1970
};

enum class VerifyDepth {
  kFull,
  kQuick
};

struct VerifyProgress {
  std::uint64_t done_bytes = 0;  // of stored bytes
  std::uint64_t total_bytes = 0;
  std::uint64_t records = 0;
};

struct VerifyOptions {
  Pin pin;
  VerifyDepth depth = VerifyDepth::kFull;
  unsigned threads = 1;
  std::vector<KnownCheckpoint> known;
  // Place in `known` of the checkpoint after which everything is new. Where a
  // segment ends there, what lies before is not read; else all is.
  std::optional<std::size_t> after = {};
  std::optional<WitnessPolicy> witnesses = {};
  // Who may say when a checkpoint existed; borrowed. Null: nobody, so that no
  // timestamp counts. Policies in decimal dots; none: any.
  const TimestampAuthorities* tsa_authorities = nullptr;
  std::vector<std::string> tsa_policies = {};
  // Called now and then, from one thread at a time.
  std::function<void(const VerifyProgress&)> progress = {};
};

struct CheckCount {
  std::uint64_t total = 0;
  std::uint64_t ok = 0;
};

struct KnownCheckpointResult {
  std::string source;
  std::uint64_t size = 0;
  bool consistent = false;
  bool compared = true;  // false where a bundle cannot show either
};

// What a witness of the policy said.
struct WitnessResult {
  std::string name;                // within the policy
  std::optional<WitnessKey> key;   // empty: of an algorithm that is not checked
  std::size_t checkpoints = 0;     // how many of the archive's it cosigned
  std::uint64_t size = 0;          // of the newest of them; 0: none
  std::uint64_t time_seconds = 0;  // since 1970, when it did that
};

// Signed by an authority that the verifier trusts.
struct VerifiedTimestamp {
  std::uint64_t tree_size = 0;  // of the checkpoint
  TimestampStatement statement;
  std::string tsa;
};

// An epoch whose key was lost, and whose segment the identity key closed.
struct ReopenedEpoch {
  std::uint64_t epoch = 0;
  RecordRange records;  // the reopen record included
  Hash statement;       // SHA-256 of the reopen record
  std::string file;     // that says so
};

struct VerifyReport {
  // Of the archive or bundle itself.
  std::string origin;
  VerificationKey key;  // the pinned one
  // The archive's identity keys, oldest first; the pinned one is among them.
  std::vector<VerificationKey> identities;
  Hash genesis;

  std::uint64_t tree_size = 0;  // sealed records
  Hash root;
  std::uint64_t checkpoint_size = 0;  // newest valid one; 0 without
  std::uint64_t unsealed_records = 0;
  CheckCount segments;
  CheckCount records;  // sealed and unsealed ones
  // Not read, because a known checkpoint covers them; not in the counts above.
  std::uint64_t skipped_segments = 0;
  std::uint64_t skipped_records = 0;
  std::uint64_t epochs = 0;
  UnixNanos last_seal_time;             // 0 when nothing is sealed
  std::vector<ReopenedEpoch> reopened;  // for ever after

  // With a policy alone: its witnesses in its order, how many of them cosigned
  // the newest checkpoint, and up to which size its quorum did (a cosignature
  // of a larger tree counts for a smaller one).
  std::vector<WitnessResult> witnesses;
  std::size_t witnesses_of_newest = 0;
  std::uint64_t witnessed_size = 0;
  std::optional<VerifiedTimestamp> timestamp;  // of the newest that has one

  std::vector<KnownCheckpointResult> known;
  // Both in order, disjoint, not adjacent.
  std::vector<RecordRange> trustworthy;
  std::vector<RecordRange> vouched;  // by the identity key alone: behind damage
  std::vector<Finding> findings;     // in archive order
  std::uint64_t findings_total = 0;
  std::vector<Note> notes;
  std::vector<std::string> not_checked;  // one sentence each

  bool verified() const { return findings_total == 0; }
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_REPORT_H_
