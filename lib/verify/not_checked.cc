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
  } else if (input.quick_segments) {
    out.push_back("content of segments that end at or before record " +
                  std::to_string(input.options.full_from_record) +
                  " was not decompressed, only compared with what is signed");
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
  if (input.report.known.empty()) {
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
  const auto cosignatures = std::count_if(
      input.listing.checkpoint_extras.begin(),
      input.listing.checkpoint_extras.end(), [](const auto& extra) {
        return extra.kind == CheckpointFileKind::kCosignatures;
      });
  if (cosignatures > 0) {
    out.push_back("signatures of witnesses: " + std::to_string(cosignatures) +
                  " files beside checkpoints");
  }
  if (input.report.unsealed_records > 0) {
    out.push_back("whether records behind the last seal, at " +
                  std::to_string(input.report.tree_size) + ", were cut off");
  }
  return out;
}

}  // namespace authseal
