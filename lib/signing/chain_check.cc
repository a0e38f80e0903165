#include "lib/signing/chain_check.h"

#include <string>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

Finding About(const SegmentFooter& footer, FindingKind kind, std::string text) {
  return {.kind = kind,
          .file = std::string(kSegmentsName) + "/" +
                  SealedSegmentName(footer.first_record),
          .offset_bytes = std::nullopt,
          .block = std::nullopt,
          .records = footer.records(),
          .text = std::move(text)};
}

// The tree before, the records of the segment, and the seal record that
// follows from the footer, give the tree after.
bool Grows(const SealStatement& seal) {
  const SegmentFooter& footer = seal.footer;
  CompactRange tree = footer.start;
  if (!tree.Append(seal.body).has_value()) {
    return false;
  }
  tree.Append(LeafHash(AsBytes(SealRecord(footer, seal.chain))));
  return tree == footer.end;
}

std::optional<Finding> CheckSeal(const SealStatement& seal,
                                 const SigningPoint& before,
                                 const Hash& genesis) {
  const SegmentFooter& footer = seal.footer;
  if (footer.epoch != before.epoch) {
    return About(footer, FindingKind::kEpochGap,
                 "the seal of epoch " + std::to_string(before.epoch) +
                     " is missing: the next one is of epoch " +
                     std::to_string(footer.epoch));
  }
  if (!VerifyEd25519(before.epoch_key,
                     SegmentFooterSignedMessage(genesis, footer),
                     footer.signature)) {
    return About(footer, FindingKind::kSealInvalid,
                 "the seal of epoch " + std::to_string(footer.epoch) +
                     " is not signed by the key of that epoch");
  }
  if (footer.first_record != before.size ||
      footer.start.Root() != before.root) {
    return About(footer, FindingKind::kFork,
                 "the seal of epoch " + std::to_string(footer.epoch) +
                     " does not go on from the tree before it");
  }
  if (!Grows(seal)) {
    return About(footer, FindingKind::kRootMismatch,
                 "the tree after epoch " + std::to_string(footer.epoch) +
                     " does not follow from its records and the tree before");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> CheckSealChain(const SigningRequest& request,
                                      const ArchiveNote& note,
                                      const Hash& genesis) {
  const SigningPoint start = StartOf(note);
  if ((request.from.epoch == 0 || request.from.size == 0) &&
      request.from != start) {
    const bool same_tree = request.from.epoch == 0 && request.from.size == 0 &&
                           request.from.root == start.root;
    return Finding{
        .kind = same_tree ? FindingKind::kEpochKeyMismatch : FindingKind::kFork,
        .file = std::string(kArchiveNoteName),
        .offset_bytes = std::nullopt,
        .block = std::nullopt,
        .records = std::nullopt,
        .text = "the request does not begin as archive.note says"};
  }
  SigningPoint point = request.from;
  for (const SealStatement& seal : request.seals) {
    auto finding = CheckSeal(seal, point, genesis);
    if (finding.has_value()) {
      return finding;
    }
    point = PointAfter(seal.footer);
  }
  return std::nullopt;
}

}  // namespace authseal
