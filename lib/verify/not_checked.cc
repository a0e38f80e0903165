#include "lib/verify/not_checked.h"

#include <algorithm>

namespace authseal {
namespace {

void AddDepth(const NotCheckedInput& input, std::vector<std::string>& out) {
  if (input.options.depth == VerifyDepth::kQuick) {
    out.push_back(
        "content was not decompressed: stored bytes were compared with what "
        "is signed, records were not hashed again");
    out.push_back(
        "signatures of commits under a valid seal, which covers "
        "them");
  }
  if (input.report.skipped_records > 0) {
    out.push_back(
        "records before " + std::to_string(input.report.skipped_records) +
        ": they are under a checkpoint known before, which the tree continues, "
        "and their " +
        std::to_string(input.report.skipped_segments) +
        " segments, indexes and older checkpoints were not read; damage there "
        "does not show, and an epoch reopened there is not named");
  } else if (input.options.after.has_value()) {
    out.push_back(
        "nothing was left out: no segment ends where the checkpoint says that "
        "what is new begins");
  }
}

void AddExtras(const NotCheckedInput& input, std::vector<std::string>& out) {
  const auto& extras = input.listing.checkpoint_extras;
  const auto cosignatures = static_cast<std::size_t>(
      std::count_if(extras.begin(), extras.end(), [](const auto& extra) {
        return extra.kind == CheckpointFileKind::kCosignatures;
      }));
  if (cosignatures > 0 && !input.options.witnesses.has_value()) {
    out.push_back("signatures of witnesses: " + std::to_string(cosignatures) +
                  " files beside checkpoints; no policy names their keys");
  }
}

}  // namespace

std::vector<std::string> DescribeNotChecked(const NotCheckedInput& input) {
  std::vector<std::string> out;
  AddDepth(input, out);
  if (!input.options.pin.genesis.has_value()) {
    out.push_back(
        "genesis: the pin is a key alone and does not say which archive of " +
        input.report.origin + " is meant");
  }
  if (input.options.known.empty()) {
    out.push_back(
        "rollback and fork: nothing is remembered of this archive, and no "
        "checkpoint from elsewhere was given");
  }
  if (input.keys_lost) {
    out.push_back(
        "signatures behind a missing or damaged seal, which would have named "
        "their key");
  }
  for (const Anchor& anchor : input.anchors.all()) {
    if (anchor.state == Anchor::State::kUncheckable) {
      out.push_back("the checkpoint from " + anchor.source + " for " +
                    std::to_string(anchor.size) +
                    " records: damage prevents the comparison");
    }
  }
  AddExtras(input, out);
  if (input.report.unsealed_records > 0) {
    out.push_back("whether records behind the last seal, at " +
                  std::to_string(input.report.tree_size) + ", were cut off");
  }
  return out;
}

}  // namespace authseal
