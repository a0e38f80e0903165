#include "lib/witness/consistency_source.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "lib/merkle/compact_range.h"
#include "lib/merkle/proof.h"

namespace authseal {
namespace {

Error Damaged(std::string what) {
  return {ErrorCode::kDamaged, std::move(what),
          "authseal verify tells what is damaged"};
}

// Complete subtrees side by side, as footers and headers have them.
class TreePieces {
 public:
  explicit TreePieces(const CompactRange& start)
      : start_(start), next_(start.begin()) {
    Add(start);
  }

  void Add(const CompactRange& range) {
    const auto subtrees = CompactRangeSubtrees(range.begin(), range.end());
    subtrees_.insert(subtrees_.end(), subtrees.begin(), subtrees.end());
    hashes_.insert(hashes_.end(), range.hashes().begin(), range.hashes().end());
    next_ = range.end();
  }

  std::uint64_t end() const { return next_; }
  const CompactRange& start() const { return start_; }

  Result<Hash> Find(const Subtree& wanted) const {
    const std::uint64_t end = wanted.first + (std::uint64_t{1} << wanted.level);
    auto at = static_cast<std::size_t>(
        std::lower_bound(subtrees_.begin(), subtrees_.end(), wanted.first,
                         [](const Subtree& one, std::uint64_t first) {
                           return one.first < first;
                         }) -
        subtrees_.begin());
    CompactRange merged(wanted.first);
    for (; at < subtrees_.size() && merged.end() < end; ++at) {
      const Subtree& piece = subtrees_[at];
      TRY_ASSIGN(
          const CompactRange next,
          CompactRange::FromHashes(
              piece.first, piece.first + (std::uint64_t{1} << piece.level),
              std::span(&hashes_[at], 1)));
      TRY(merged.Append(next));
    }
    if (merged.end() != end || merged.hashes().size() != 1) {
      return Damaged("a part of the tree that a proof needs is not there");
    }
    return merged.hashes().front();
  }

 private:
  CompactRange start_;
  std::uint64_t next_;
  std::vector<Subtree> subtrees_;  // by first leaf
  std::vector<Hash> hashes_;       // of them
};

Status AddSegment(const ArchiveReader& archive, const SegmentFile& file,
                  std::optional<TreePieces>& pieces) {
  TRY_ASSIGN(const SegmentReader segment, archive.OpenSegment(file));
  ByteVector frame;
  if (!pieces.has_value()) {
    TRY_ASSIGN(const SegmentFooter footer, segment.ReadFooter(frame));
    pieces.emplace(footer.start);
  }
  for (std::size_t block = 0; block < segment.map().blocks.size(); ++block) {
    TRY_ASSIGN(const BlockHeader header, segment.ReadHeader(block, frame));
    const RecordRange records = header.records();
    if (records.first != pieces->end()) {
      return Damaged("records do not follow each other");
    }
    TRY_ASSIGN(const CompactRange range,
               CompactRange::FromHashes(records.first, records.end,
                                        header.range_hashes));
    pieces->Add(range);
  }
  return Ok();
}

}  // namespace

Result<std::vector<Hash>> ProveConsistency(const ArchiveReader& archive,
                                           const ArchiveListing& listing,
                                           std::uint64_t old_size,
                                           const Checkpoint& next) {
  if (old_size > next.size) {
    return Error{ErrorCode::kInvalidArgument,
                 "a tree of " + std::to_string(next.size) +
                     " records extends none of " + std::to_string(old_size)};
  }
  if (old_size == 0 || old_size == next.size) {
    return std::vector<Hash>();
  }
  std::optional<TreePieces> pieces;
  for (const SegmentFile& file : listing.segments) {
    if (file.first_record < old_size || file.first_record >= next.size) {
      continue;
    }
    if (!pieces.has_value() && file.first_record != old_size) {
      break;
    }
    const Status added = AddSegment(archive, file, pieces);
    if (!added) {
      return Error(added.error()).With(file.name);
    }
  }
  if (!pieces.has_value()) {
    return Error{
        ErrorCode::kNotFound,
        "no seal of this archive ends at record " + std::to_string(old_size)};
  }
  TRY_ASSIGN(std::vector<Hash> proof,
             BuildConsistencyProof(old_size, next.size,
                                   [&pieces](const Subtree& subtree) {
                                     return pieces->Find(subtree);
                                   }));
  if (!VerifyConsistency(old_size, next.size, proof, pieces->start().Root(),
                         next.root)) {
    return Damaged("the archive does not lead from record " +
                   std::to_string(old_size) + " to its checkpoint of " +
                   std::to_string(next.size));
  }
  return proof;
}

}  // namespace authseal
