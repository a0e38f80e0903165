// The log's side of c2sp.org/tlog-witness: asks one witness to cosign one
// checkpoint.
#ifndef AUTHSEAL_WITNESS_WITNESS_CLIENT_H_
#define AUTHSEAL_WITNESS_WITNESS_CLIENT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/net/http_client.h"
#include "lib/note/checkpoint.h"
#include "lib/note/cosignature.h"

namespace authseal {

struct WitnessEndpoint {
  std::string name;  // for messages
  WitnessKey key;    // the only one whose line of an answer counts
  std::string url;   // submission prefix, with or without a last '/'
};

// Posts `body` to `url` within what time is left.
using PostHttp = std::function<Result<HttpResponse>(const std::string& url,
                                                    const std::string& body)>;
// The consistency proof from a smaller tree to the checkpoint's.
using ProofSource =
    std::function<Result<std::vector<Hash>>(std::uint64_t old_size)>;

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::string text;  // of the note: what is signed
  std::string note;  // whole, with the log's signature line
};

struct WitnessQuestion {
  const SignedCheckpoint& checkpoint;
  std::uint64_t old_size = 0;  // what the witness is thought to know
  ProofSource proof;
  PostHttp post;
  std::uint64_t now_seconds = 0;
};

struct WitnessAnswer {
  NoteSignature line;  // verified
  std::uint64_t time_seconds = 0;
};

// A cosignature dated later than this after our own clock is not taken.
inline constexpr std::uint64_t kWitnessClockAheadSecondsMax = 3600;

// At most three requests: the witness says in a 409 what size it knows.
// Errors: kAlreadyExists (it knows a larger tree), kDamaged (it knows another
// history, or answers nonsense), kKey (it trusts another key than ours, or its
// line does not verify), kNotFound (it does not know the log), kTemporary, and
// what `proof` and `post` return.
Result<WitnessAnswer> AskWitness(const WitnessEndpoint& witness,
                                 const WitnessQuestion& question);

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_WITNESS_CLIENT_H_
