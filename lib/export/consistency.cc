#include "lib/export/consistency.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/export/header_tree.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {

namespace {

// The archive's newest checkpoint, as far as it can be used; else empty.
Result<std::optional<Checkpoint>> ReadPublished(
    const ArchiveReader& archive, const IdentityChain* identities) {
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  if (listing.checkpoints.empty()) {
    return std::optional<Checkpoint>();
  }
  const Result<std::string> text =
      archive.ReadCheckpoint(listing.checkpoints.back());
  if (!text.has_value()) {
    return text.error().code == ErrorCode::kIo ||
                   text.error().code == ErrorCode::kTemporary
               ? Result<std::optional<Checkpoint>>(text.error())
               : std::optional<Checkpoint>();
  }
  const Result<SignedNote> note = ParseSignedNote(*text);
  if (!note.has_value()) {
    return std::optional<Checkpoint>();
  }
  Result<Checkpoint> checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint.has_value() ||
      (identities != nullptr &&
       VerifySignedNote(*note, identities->KeyAt(checkpoint->size)) !=
           NoteVerdict::kVerified)) {
    return std::optional<Checkpoint>();
  }
  return std::optional(*std::move(checkpoint));
}

Standing StandingOf(const Checkpoint& checkpoint, const HeaderTree& tree) {
  const std::optional<Hash> root = tree.RootAt(checkpoint.size);
  if (!root.has_value()) {
    return Standing::kUnknown;
  }
  return *root == checkpoint.root ? Standing::kIn : Standing::kNotIn;
}

Status Judge(const Checkpoint& older, const Checkpoint& newer,
             const HeaderTree& tree, const std::optional<Checkpoint>& published,
             Comparison& comparison) {
  comparison.archive_size = tree.size();
  comparison.older = StandingOf(older, tree);
  comparison.newer = StandingOf(newer, tree);
  const bool has_older = comparison.older == Standing::kIn;
  const bool has_newer = comparison.newer == Standing::kIn;
  if (has_older && has_newer) {
    TRY_ASSIGN(comparison.proof, tree.ConsistencyProof(older.size, newer.size));
    if (!VerifyConsistency(older.size, newer.size, comparison.proof, older.root,
                           newer.root)) {
      return Error{ErrorCode::kInternal, "a consistency proof does not hold"};
    }
    comparison.relation = Relation::kConsistent;
  } else if (has_newer && comparison.older == Standing::kNotIn) {
    comparison.relation = Relation::kForked;
  } else if (has_older && comparison.newer == Standing::kNotIn &&
             published.has_value() && published->origin == newer.origin &&
             published->size >= newer.size &&
             StandingOf(*published, tree) == Standing::kIn) {
    comparison.relation = Relation::kForked;
    comparison.published_size = published->size;
  }
  return Ok();
}

}  // namespace

std::string_view RelationName(Relation relation) {
  switch (relation) {
    case Relation::kSame:
      return "same";
    case Relation::kConsistent:
      return "consistent";
    case Relation::kForked:
      return "forked";
    case Relation::kUndecided:
      return "undecided";
  }
  return "undecided";
}

Result<Comparison> CompareCheckpoints(const Checkpoint& older,
                                      const Checkpoint& newer,
                                      const ArchiveReader* archive,
                                      const IdentityChain* identities) {
  Comparison comparison;
  if (older.size == newer.size) {
    comparison.relation =
        older.root == newer.root ? Relation::kSame : Relation::kForked;
    return comparison;
  }
  if (older.size == 0) {
    // The tree of no records has one root, and every tree continues it.
    comparison.relation =
        older.root == EmptyRoot() ? Relation::kConsistent : Relation::kForked;
    return comparison;
  }
  if (archive == nullptr) {
    return comparison;
  }
  TRY_ASSIGN(const std::optional<Checkpoint> published,
             ReadPublished(*archive, identities));
  std::vector<std::uint64_t> sizes = {older.size, newer.size};
  if (published.has_value() && published->size > 0) {
    sizes.push_back(published->size);
  }
  TRY_ASSIGN(const HeaderTree tree, HeaderTree::Read(*archive, sizes));
  TRY(Judge(older, newer, tree, published, comparison));
  return comparison;
}

}  // namespace authseal
