// The witness: answers requests of c2sp.org/tlog-witness from its store. Knows
// nothing of HTTP but status codes.
//
// It cosigns a checkpoint when a log it knows signed it and a proof shows that
// the tree extends the one it cosigned last; it stores the checkpoint durably
// before the cosignature leaves. Checking and storing is one step, under one
// mutex, so that two requests can never bring two histories.
#ifndef AUTHSEAL_WITNESS_WITNESS_H_
#define AUTHSEAL_WITNESS_WITNESS_H_

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lib/io/clock.h"
#include "lib/net/http_server.h"
#include "lib/note/signed_note_signer.h"
#include "lib/witness/add_checkpoint.h"
#include "lib/witness/witness_store.h"

namespace authseal {

class Witness {
 public:
  // `logs`: the keys it trusts; a log's origin is its key's name, and may have
  // several keys. `report` is told what whoever runs the witness should know:
  // trouble with the store, and logs that show two faces. All outlive this.
  using Report = std::function<void(const Error&)>;
  Witness(WitnessStore& store, const NamedSigner& signer,
          const std::vector<VerificationKey>& logs, const Clock& clock,
          Report report);

  // Any request. POST /add-checkpoint and GET /<hex SHA-256 of the
  // origin>/checkpoint; else 404. Threads: may be called from several.
  ServedResponse Serve(const ServedRequest& request);

 private:
  ServedResponse Add(std::string_view body);
  ServedResponse Cosign(const AddCheckpoint& request, SignedNote note,
                        const Checkpoint& checkpoint);
  ServedResponse Give(std::string_view path);
  ServedResponse OwnTrouble(const Error& error);
  void KeepFork(const SignedNote& note, const Checkpoint& checkpoint);

  std::mutex mutex_;  // of the store, of `broken_`, of `report_`
  WitnessStore& store_;
  const NamedSigner& signer_;
  std::map<std::string, std::vector<VerificationKey>, std::less<>> logs_;
  const Clock& clock_;
  Report report_;
  // A save failed: what is durable is unknown, so nothing more is cosigned.
  bool broken_ = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_WITNESS_H_
