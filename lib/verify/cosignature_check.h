// Cosignatures of witnesses, in an archive and in a bundle: checked against
// the keys that the verifier brought, never against keys found there. See
// authseal-format(5), CHECKPOINTS, and authseal-verify(1), POLICY.
#ifndef AUTHSEAL_VERIFY_COSIGNATURE_CHECK_H_
#define AUTHSEAL_VERIFY_COSIGNATURE_CHECK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/note/trust_policy.h"
#include "lib/verify/anchor_set.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/report.h"

namespace authseal {

// Gathers what the witnesses of a policy said, file after file.
class WitnessLedger {
 public:
  // `policy` may be null: nothing is known, nothing is said.
  explicit WitnessLedger(const WitnessPolicy* policy);

  // `lines` is the content of `file`, under a checkpoint that verified, whose
  // text and size these are. A line by a known key that does not verify is
  // checkpoint-invalid; a time in the future does not count and is a note.
  void Add(std::string_view checkpoint_text, std::uint64_t size,
           const std::vector<NoteSignature>& lines, std::string_view file,
           VerifyReport& report, FindingList& findings);

  // Marks the archive's checkpoints that the policy's quorum cosigned: their
  // roots are known otherwise than from the identity key.
  void MarkWitnessed(AnchorSet& anchors) const;

  // Fills the report's witnesses and what the quorum covers. Sizes above
  // `confirmed_size`, the newest checkpoint that the tree bears out, do not
  // count.
  void Finish(std::uint64_t confirmed_size, VerifyReport& report) const;

 private:
  struct Seen {
    std::uint64_t size = 0;
    std::uint64_t time_seconds = 0;
  };
  const WitnessPolicy* policy_;
  std::vector<std::vector<Seen>> seen_;  // by witness, in order of size
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_COSIGNATURE_CHECK_H_
