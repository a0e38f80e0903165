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
                                 const Hash& genesis,
                                 const IdentityChain* identities) {
  const SegmentFooter& footer = seal.footer;
  if (footer.epoch != before.epoch) {
    return About(footer, FindingKind::kEpochGap,
                 "the seal of epoch " + std::to_string(before.epoch) +
                     " is missing: the next one is of epoch " +
                     std::to_string(footer.epoch));
  }
  const bool is_known = !footer.reopens || identities != nullptr;
  const Ed25519PublicKey key = is_known && footer.reopens
                                   ? identities->KeyAt(footer.end_record).key
                                   : before.epoch_key;
  if (is_known &&
      !VerifyEd25519(key, SegmentFooterSignedMessage(genesis, footer),
                     footer.signature)) {
    return About(footer, FindingKind::kSealInvalid,
                 "the seal of epoch " + std::to_string(footer.epoch) +
                     " is not signed by the " +
                     (footer.reopens ? "identity key that may reopen it"
                                     : "key of that epoch"));
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

// A rotation is at a place the log passed through. Where the request does not
// show that place, both keys' signatures have to do.
std::optional<Finding> CheckRotations(const SigningRequest& request,
                                      const IdentityChain* identities) {
  for (const RotationNote& rotation : identities->rotations()) {
    if (rotation.size < request.from.size) {
      continue;
    }
    bool is_there = rotation.size == request.from.size &&
                    rotation.root == request.from.root;
    for (const SealStatement& seal : request.seals) {
      is_there = is_there || (seal.footer.end_record == rotation.size &&
                              seal.footer.end.Root() == rotation.root);
    }
    if (!is_there) {
      return Finding{.kind = FindingKind::kFork,
                     .file = "request",
                     .offset_bytes = std::nullopt,
                     .block = std::nullopt,
                     .records = std::nullopt,
                     .text = "the log does not pass through the tree of " +
                             std::to_string(rotation.size) +
                             " records at which its identity key was rotated"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> CheckSealChain(const SigningRequest& request,
                                      const ArchiveNote& note,
                                      const Hash& genesis,
                                      const IdentityChain* identities) {
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
    auto finding = CheckSeal(seal, point, genesis, identities);
    if (finding.has_value()) {
      return finding;
    }
    point = PointAfter(seal.footer);
  }
  return identities == nullptr ? std::nullopt
                               : CheckRotations(request, identities);
}

}  // namespace authseal
