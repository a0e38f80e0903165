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
  // Sealed segments that end at or before this record are checked at quick
  // depth, because somebody verified them before.
  std::uint64_t full_from_record = 0;
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

// Signed by an authority that the verifier trusts.
struct VerifiedTimestamp {
  std::uint64_t tree_size = 0;  // of the checkpoint
  TimestampStatement statement;
  std::string tsa;
};

struct VerifyReport {
  // Of the archive or bundle itself.
  std::string origin;
  VerificationKey key;  // the one everything was checked against
  Hash genesis;

  std::uint64_t tree_size = 0;  // sealed records
  Hash root;
  std::uint64_t checkpoint_size = 0;  // newest valid one; 0 without
  std::uint64_t unsealed_records = 0;
  CheckCount segments;
  CheckCount records;  // sealed and unsealed ones
  std::uint64_t epochs = 0;
  UnixNanos last_seal_time;  // 0 when nothing is sealed

  std::optional<VerifiedTimestamp> timestamp;  // of the newest that has one

  std::vector<KnownCheckpointResult> known;
  std::vector<RecordRange> trustworthy;  // in order, disjoint, not adjacent
  std::vector<Finding> findings;         // in archive order
  std::uint64_t findings_total = 0;
  std::vector<Note> notes;
  std::vector<std::string> not_checked;  // one sentence each

  bool verified() const { return findings_total == 0; }
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_REPORT_H_
