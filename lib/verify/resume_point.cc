#include "lib/verify/resume_point.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "lib/crypto/sha256.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

bool CouldNotLook(const Error& error) {
  return error.code == ErrorCode::kIo || error.code == ErrorCode::kTemporary;
}

// `result` with what is no finding here left out: empty where it is damaged or
// gone. Errors: kIo, kTemporary.
template <typename T>
Result<std::optional<T>> IfReadable(Result<T> result) {
  if (result.has_value()) {
    return std::optional<T>(*std::move(result));
  }
  if (CouldNotLook(result.error())) {
    return std::move(result).error();
  }
  return std::optional<T>();
}

// Leaves [begin, end) with a hash for each maximal subtree, gathered from the
// right to the left.
class TreeEnd {
 public:
  TreeEnd(std::uint64_t begin, std::uint64_t end)
      : begin_(begin), first_(end) {}

  bool complete() const { return first_ == begin_; }
  std::uint64_t first() const { return first_; }

  // Puts `range` in front, without what lies before begin; false unless it
  // ends where this begins.
  bool Prepend(const CompactRange& range) {
    if (range.end() != first_) {
      return false;
    }
    const std::vector<Subtree> subtrees =
        CompactRangeSubtrees(range.begin(), range.end());
    for (std::size_t i = subtrees.size(); i > 0 && first_ > begin_; --i) {
      if (subtrees[i - 1].first < begin_) {
        return false;
      }
      parts_.push_back({subtrees[i - 1], range.hashes()[i - 1]});
      first_ = subtrees[i - 1].first;
    }
    return true;
  }

  CompactRange Fold() const {
    CompactRange folded(begin_);
    for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
      const std::uint64_t end =
          part->subtree.first + (std::uint64_t{1} << part->subtree.level);
      const auto one = CompactRange::FromHashes(part->subtree.first, end,
                                                std::span(&part->hash, 1));
      if (!one.has_value() || !folded.Append(*one).has_value()) {
        return CompactRange(begin_);
      }
    }
    return folded;
  }

 private:
  struct Part {
    Subtree subtree;
    Hash hash;
  };
  std::uint64_t begin_;
  std::uint64_t first_;
  std::vector<Part> parts_;
};

// Whether `leaf` is the last one of the tree `footer.end`: the last subtree
// of that compact range is made anew from the leaf and from what the headers
// and the footer have of the leaves before it. What they have needs no other
// proof, because it has to lead to that subtree's hash.
Result<bool> IsLastLeaf(const SegmentReader& segment,
                        const SegmentFooter& footer, const Hash& leaf) {
  const std::uint64_t size = footer.end_record;
  const std::uint64_t begin =
      size - (std::uint64_t{1} << std::countr_zero(size));
  TreeEnd rest(begin, size - 1);
  ByteVector frame;
  for (std::size_t i = segment.map().blocks.size() - 1;
       i > 0 && !rest.complete(); --i) {
    TRY_ASSIGN(const auto header, IfReadable(segment.ReadHeader(i - 1, frame)));
    if (!header.has_value()) {
      return false;
    }
    const auto range = CompactRange::FromHashes(
        header->records().first, header->records().end, header->range_hashes);
    if (!range.has_value() || !rest.Prepend(*range)) {
      return false;
    }
  }
  if (!rest.complete() && !rest.Prepend(footer.start)) {
    return false;
  }
  CompactRange end = rest.Fold();
  if (end.end() != size - 1) {
    return false;
  }
  end.Append(leaf);
  return end.hashes() == std::vector<Hash>{footer.end.hashes().back()};
}

// The chain's end that the seal record names, if the last block is one.
Result<std::optional<Hash>> ReadChain(const SegmentReader& segment,
                                      const SegmentFooter& footer) {
  if (segment.map().blocks.empty()) {
    return std::optional<Hash>();
  }
  ByteVector frame;
  TRY_ASSIGN(const auto header, IfReadable(segment.ReadHeader(
                                    segment.map().blocks.size() - 1, frame)));
  if (!header.has_value() || Sha256Of(frame) != footer.previous ||
      header->record_count != 1 || !header->sources.empty() ||
      header->records().end != footer.end_record) {
    return std::optional<Hash>();
  }
  return std::optional(header->previous);
}

Result<bool> IsSealed(const SegmentReader& segment,
                      const SegmentFooter& footer) {
  TRY_ASSIGN(const auto chain, ReadChain(segment, footer));
  if (!chain.has_value()) {
    return false;
  }
  return IsLastLeaf(segment, footer,
                    LeafHash(AsBytes(SealRecord(footer, *chain))));
}

bool IsOf(const SegmentFooter& footer, const SegmentFile& file,
          const Checkpoint& checkpoint) {
  return footer.first_record == file.first_record &&
         footer.end_record == checkpoint.size &&
         footer.end.Root() == checkpoint.root;
}

}  // namespace

std::optional<Checkpoint> ResumeFrom(std::span<const KnownCheckpoint> known,
                                     std::size_t after) {
  std::optional<Checkpoint> from;
  for (const KnownCheckpoint& one : known) {
    const Checkpoint& checkpoint = one.checkpoint;
    if (checkpoint.size > 0 &&
        checkpoint.size <= known[after].checkpoint.size &&
        (!from.has_value() || checkpoint.size < from->size)) {
      from = checkpoint;
    }
  }
  return from;
}

Result<std::optional<ResumePoint>> FindResumePoint(
    const ArchiveReader& archive, const ArchiveListing& listing,
    const Checkpoint& checkpoint) {
  const auto behind =
      std::partition_point(listing.segments.begin(), listing.segments.end(),
                           [&checkpoint](const SegmentFile& file) {
                             return file.first_record < checkpoint.size;
                           });
  if (behind == listing.segments.begin() || !std::prev(behind)->sealed) {
    return std::optional<ResumePoint>();
  }
  const SegmentFile& file = *std::prev(behind);
  TRY_ASSIGN(const auto segment, IfReadable(archive.OpenSegment(file)));
  if (!segment.has_value() || !segment->map().footer.has_value()) {
    return std::optional<ResumePoint>();
  }
  ByteVector frame;
  TRY_ASSIGN(const auto footer, IfReadable(segment->ReadFooter(frame)));
  if (!footer.has_value() || !IsOf(*footer, file, checkpoint)) {
    return std::optional<ResumePoint>();
  }
  TRY_ASSIGN(const bool sealed, IsSealed(*segment, *footer));
  if (!sealed) {
    return std::optional<ResumePoint>();
  }
  ResumePoint point;
  point.checkpoint = checkpoint;
  point.next = {.first_record = footer->end_record,
                .epoch = footer->epoch + 1,
                .key = footer->next_key,
                .root = TrustRoot::kPin,
                .previous = Sha256Of(frame),
                .start = footer->end};
  point.seal_time = footer->seal_time;
  point.segments =
      static_cast<std::uint64_t>(behind - listing.segments.begin());
  return std::optional(std::move(point));
}

std::vector<std::uint64_t> DropBefore(std::uint64_t size,
                                      ArchiveListing& listing) {
  std::vector<std::uint64_t> begins = {0};
  for (const std::uint64_t published : listing.checkpoints) {
    if (published > 0 && published < size) {
      begins.push_back(published);
    }
  }
  std::vector<std::uint64_t> there;
  for (const SegmentFile& file : listing.segments) {
    if (file.first_record < size) {
      there.push_back(file.first_record);
    }
  }
  std::vector<std::uint64_t> missing;
  std::set_difference(begins.begin(), begins.end(), there.begin(), there.end(),
                      std::back_inserter(missing));
  std::erase_if(listing.segments, [size](const SegmentFile& file) {
    return file.first_record < size;
  });
  // An index without its segment stays, and is reported.
  std::erase_if(listing.indexes, [&there](std::uint64_t first) {
    return std::binary_search(there.begin(), there.end(), first);
  });
  std::erase_if(listing.checkpoints,
                [size](std::uint64_t published) { return published < size; });
  std::erase_if(listing.checkpoint_extras,
                [size](const CheckpointFileName& extra) {
                  return extra.tree_size < size;
                });
  return missing;
}

void JudgeResumed(const Checkpoint& resumed, AnchorSet& anchors,
                  FindingList& findings) {
  for (Anchor& anchor : anchors.At(resumed.size)) {
    anchor.state = anchor.root == resumed.root ? Anchor::State::kConfirmed
                                               : Anchor::State::kContradicted;
    if (anchor.state == Anchor::State::kContradicted) {
      findings.Add(ContradictionFinding(anchor));
    }
  }
}

}  // namespace authseal
