#include "lib/verify/cosignature_check.h"

#include <algorithm>
#include <utility>

#include "lib/archive/layout.h"

namespace authseal {
namespace {

void ReportBadLine(const TrustPolicy::Witness& witness, std::string_view file,
                   FindingList& findings) {
  Finding finding;
  finding.kind = FindingKind::kCheckpointInvalid;
  finding.file = file;
  finding.text = "the cosignature by the witness " + witness.name + " (" +
                 witness.key->name + ") does not verify";
  findings.Add(std::move(finding));
}

}  // namespace

WitnessLedger::WitnessLedger(const WitnessPolicy* policy) : policy_(policy) {
  if (policy_ != nullptr) {
    seen_.resize(policy_->policy.witnesses.size());
  }
}

void WitnessLedger::Add(std::string_view checkpoint_text, std::uint64_t size,
                        const std::vector<NoteSignature>& lines,
                        std::string_view file, VerifyReport& report,
                        FindingList& findings) {
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const TrustPolicy::Witness& witness = policy_->policy.witnesses[i];
    if (!witness.key.has_value()) {
      continue;
    }
    const CosignatureCheck check =
        VerifyCosignature(checkpoint_text, lines, *witness.key);
    if (check.verdict == NoteVerdict::kBadSignature) {
      ReportBadLine(witness, file, findings);
    } else if (check.verdict == NoteVerdict::kVerified &&
               check.time_seconds > policy_->latest_time_seconds) {
      report.notes.push_back(
          {"cosignature-from-future", std::string(file),
           "the cosignature by the witness " + witness.name +
               " is dated later than now and does not count"});
    } else if (check.verdict == NoteVerdict::kVerified) {
      seen_[i].push_back({size, check.time_seconds});
    }
  }
}

void WitnessLedger::MarkWitnessed(AnchorSet& anchors) const {
  if (policy_ == nullptr || !policy_->policy.quorum.has_value()) {
    return;
  }
  for (Anchor& anchor : anchors.all()) {
    std::vector<bool> cosigned;
    for (const std::vector<Seen>& seen : seen_) {
      cosigned.push_back(std::any_of(
          seen.begin(), seen.end(),
          [&anchor](const Seen& one) { return one.size == anchor.size; }));
    }
    anchor.witnessed = anchor.source == std::string(kCheckpointsName) + "/" +
                                            CheckpointName(anchor.size) &&
                       policy_->policy.QuorumMet(cosigned);
  }
}

void WitnessLedger::Finish(std::uint64_t confirmed_size,
                           VerifyReport& report) const {
  if (policy_ == nullptr) {
    return;
  }
  const TrustPolicy& policy = policy_->policy;
  std::vector<std::uint64_t> sizes;  // where the quorum may become met
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    WitnessResult result{.name = policy.witnesses[i].name,
                         .key = policy.witnesses[i].key};
    for (const Seen& seen : seen_[i]) {
      result.checkpoints += seen.size <= confirmed_size ? 1u : 0u;
      if (seen.size <= confirmed_size && seen.size >= result.size) {
        result.size = seen.size;
        result.time_seconds = seen.time_seconds;
      }
    }
    sizes.push_back(result.size);
    report.witnesses_of_newest +=
        confirmed_size > 0 && result.size == confirmed_size ? 1u : 0u;
    report.witnesses.push_back(std::move(result));
  }
  if (!policy.quorum.has_value()) {
    report.witnessed_size = confirmed_size;
    return;
  }
  // A later cosignature covers an earlier size: the witness saw the proof.
  for (const std::uint64_t size : sizes) {
    std::vector<bool> cosigned;
    for (const WitnessResult& result : report.witnesses) {
      cosigned.push_back(result.size >= size);
    }
    if (size > report.witnessed_size && policy.QuorumMet(cosigned)) {
      report.witnessed_size = size;
    }
  }
}

}  // namespace authseal
