#include "lib/export/header_tree.h"

#include <algorithm>
#include <span>
#include <utility>

namespace authseal {

namespace {

bool CouldNotLook(const Error& error) {
  return error.code == ErrorCode::kIo || error.code == ErrorCode::kTemporary;
}

// [first, size), [size, end) … of a block's leaves, cut at the sizes inside.
std::vector<CompactRange> CutRanges(std::uint64_t first,
                                    std::span<const Hash> leaves,
                                    std::span<const std::uint64_t> cuts) {
  std::vector<CompactRange> ranges;
  std::uint64_t begin = first;
  for (const std::uint64_t cut : cuts) {
    ranges.push_back(CompactRange::FromLeaves(
        begin, leaves.subspan(begin - first, cut - begin)));
    begin = cut;
  }
  ranges.push_back(
      CompactRange::FromLeaves(begin, leaves.subspan(begin - first)));
  return ranges;
}

// The block's leaves, if it is what its header says; else none.
Result<std::vector<Hash>> ReadLeaves(const SegmentReader& segment,
                                     std::size_t block,
                                     const BlockHeader& header) {
  ByteVector frame;
  const Status read = segment.Read(segment.map().blocks[block].data,
                                   header.stored_size_bytes, frame);
  if (!read.has_value()) {
    return CouldNotLook(read.error()) ? Result<std::vector<Hash>>(read.error())
                                      : std::vector<Hash>();
  }
  BlockDecoder decoder;
  return decoder.Decode(frame, header) == BlockDecoder::Fault::kNone
             ? decoder.leaves()
             : std::vector<Hash>();
}

}  // namespace

Result<HeaderTree> HeaderTree::Read(const ArchiveReader& archive,
                                    std::vector<std::uint64_t> sizes) {
  HeaderTree tree;
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  tree.sizes_ = std::move(sizes);
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  for (const SegmentFile& file : listing.segments) {
    if (!file.sealed || file.first_record != tree.size() ||
        tree.sizes_.empty() || tree.size() >= tree.sizes_.back()) {
      break;
    }
    Result<SegmentReader> segment = archive.OpenSegment(file);
    if (!segment.has_value()) {
      if (CouldNotLook(segment.error())) {
        return std::move(segment).error();
      }
      break;
    }
    TRY_ASSIGN(const bool whole, tree.AddSegment(*segment));
    if (!whole) {
      break;
    }
  }
  return tree;
}

Result<bool> HeaderTree::AddSegment(const SegmentReader& segment) {
  ByteVector frame;
  for (std::size_t i = 0; i < segment.map().blocks.size(); ++i) {
    const Result<BlockHeader> header = segment.ReadHeader(i, frame);
    if (!header.has_value()) {
      return CouldNotLook(header.error()) ? Result<bool>(header.error())
                                          : false;
    }
    TRY_ASSIGN(const bool added, AddBlock(segment, i, *header));
    if (!added) {
      return false;
    }
  }
  return true;
}

Result<bool> HeaderTree::AddBlock(const SegmentReader& segment,
                                  std::size_t block,
                                  const BlockHeader& header) {
  const RecordRange records = header.records();
  const auto claimed =
      CompactRange::FromHashes(records.first, records.end, header.range_hashes);
  if (records.first != size() || !claimed.has_value()) {
    return false;
  }
  const auto first =
      std::upper_bound(sizes_.begin(), sizes_.end(), records.first);
  const auto last = std::lower_bound(first, sizes_.end(), records.end);
  if (first == last) {
    return AddRange(*claimed);
  }
  TRY_ASSIGN(const std::vector<Hash> leaves,
             ReadLeaves(segment, block, header));
  if (leaves.size() != records.count()) {
    return false;
  }
  for (const CompactRange& range :
       CutRanges(records.first, leaves, std::span(first, last))) {
    if (!AddRange(range)) {
      return false;
    }
  }
  return true;
}

bool HeaderTree::AddRange(const CompactRange& range) {
  if (!tree_.Append(range).has_value()) {
    return false;
  }
  const std::vector<Subtree> subtrees =
      CompactRangeSubtrees(range.begin(), range.end());
  index_.subtrees.insert(index_.subtrees.end(), subtrees.begin(),
                         subtrees.end());
  index_.hashes.insert(index_.hashes.end(), range.hashes().begin(),
                       range.hashes().end());
  if (std::binary_search(sizes_.begin(), sizes_.end(), size())) {
    roots_[size()] = tree_.Root();
  }
  return true;
}

std::optional<Hash> HeaderTree::RootAt(std::uint64_t size) const {
  const auto root = roots_.find(size);
  return root == roots_.end() ? std::nullopt : std::optional(root->second);
}

Result<std::vector<Hash>> HeaderTree::ConsistencyProof(
    std::uint64_t old_size, std::uint64_t new_size) const {
  return Prover(index_).ProveConsistency(old_size, new_size);
}

}  // namespace authseal
