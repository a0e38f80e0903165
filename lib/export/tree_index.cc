#include "lib/export/tree_index.h"

#include <algorithm>
#include <utility>

#include "lib/export/newest_checkpoint.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/query/segment_trust.h"

namespace authseal {

namespace {

void AddBlocks(const TrustedSegment& trust, TreeIndex& index) {
  for (const TrustedBlock& block : trust.blocks) {
    const RecordRange records = block.header.records();
    const std::vector<Subtree> subtrees =
        CompactRangeSubtrees(records.first, records.end);
    index.subtrees.insert(index.subtrees.end(), subtrees.begin(),
                          subtrees.end());
    index.hashes.insert(index.hashes.end(), block.header.range_hashes.begin(),
                        block.header.range_hashes.end());
  }
  if (trust.footer && !trust.blocks.empty()) {
    index.epochs.push_back(
        {trust.footer->records(),
         SealRecord(*trust.footer, trust.blocks.back().header.previous)});
  }
}

// The stored hashes tile [0, size) and fold to the checkpoint's root.
bool LeadsToCheckpoint(const TreeIndex& index) {
  CompactRange tree;
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < index.subtrees.size(); ++i) {
    const Subtree& subtree = index.subtrees[i];
    const std::uint64_t end =
        subtree.first + (std::uint64_t{1} << subtree.level);
    const Result<CompactRange> part = CompactRange::FromHashes(
        subtree.first, end, std::span(&index.hashes[i], 1));
    if (subtree.first != next || !part || !tree.Append(*part)) {
      return false;
    }
    next = end;
  }
  return next == index.checkpoint.size && tree.Root() == index.checkpoint.root;
}

}  // namespace

Result<TreeIndex> TreeIndex::Read(const ArchiveReader& archive,
                                  const Pin& pin) {
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  std::vector<Finding> findings;
  TRY_ASSIGN(std::optional<Descent> descent,
             BeginDescent(archive, pin, findings));
  if (!descent) {
    return DamagedArchive(findings);
  }
  TreeIndex index;
  TRY_ASSIGN(PublishedCheckpoint published,
             ReadNewestCheckpoint(archive, listing, descent->archive));
  index.checkpoint = std::move(published.checkpoint);
  index.checkpoint_note = std::move(published.note);
  for (const std::uint64_t size : listing.rotations) {
    TRY_ASSIGN(const std::string note, archive.ReadRotation(size));
    index.rotation_notes += note;
  }
  for (const SegmentFile& file : listing.segments) {
    if (file.first_record >= index.checkpoint.size) {
      break;
    }
    TRY_ASSIGN(const SegmentReader segment, archive.OpenSegment(file));
    TRY_ASSIGN(const TrustedSegment trust,
               TrustSegment(archive, file, segment, true, *descent, findings));
    AddBlocks(trust, index);
  }
  if (!findings.empty() || !LeadsToCheckpoint(index)) {
    return DamagedArchive(findings);
  }
  index.reopened = std::move(descent->reopened);
  return index;
}

Result<std::vector<Hash>> Prover::Prove(std::uint64_t record,
                                        const BlockTree* block) {
  return BuildInclusionProof(
      record, index_.checkpoint.size,
      [this, block](const Subtree& subtree) { return Find(subtree, block); });
}

Result<std::vector<Hash>> Prover::ProveConsistency(std::uint64_t old_size,
                                                   std::uint64_t new_size) {
  return BuildConsistencyProof(
      old_size, new_size,
      [this](const Subtree& subtree) { return FindStored(subtree); });
}

Result<Hash> Prover::Find(const Subtree& subtree, const BlockTree* block) {
  if (block != nullptr) {
    if (const std::optional<Hash> hash = block->Find(subtree)) {
      return *hash;
    }
  }
  return FindStored(subtree);
}

// Depth of recursion: at most the 63 levels of a tree.
Result<Hash> Prover::FindStored(const Subtree& subtree) {
  const auto at = std::lower_bound(
      index_.subtrees.begin(), index_.subtrees.end(), subtree.first,
      [](const Subtree& s, std::uint64_t first) { return s.first < first; });
  if (at == index_.subtrees.end() || at->first != subtree.first ||
      at->level > subtree.level) {
    return Error{ErrorCode::kInternal, "a subtree of a proof is not stored"};
  }
  if (at->level == subtree.level) {
    return index_
        .hashes[static_cast<std::size_t>(at - index_.subtrees.begin())];
  }
  std::unordered_map<int, Hash>& made = made_[subtree.first];
  const auto known = made.find(subtree.level);
  if (known != made.end()) {
    return known->second;
  }
  const int below = subtree.level - 1;
  TRY_ASSIGN(const Hash left, FindStored({subtree.first, below}));
  TRY_ASSIGN(const Hash right,
             FindStored({subtree.first + (std::uint64_t{1} << below), below}));
  const Hash node = NodeHash(left, right);
  made_[subtree.first][subtree.level] = node;
  return node;
}

}  // namespace authseal
