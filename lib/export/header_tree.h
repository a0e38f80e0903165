// The tree of an archive's sealed records as its block headers have it, for
// proofs that stand by themselves. Nothing in it is believed: no signature is
// looked at, and what is made of it has to lead to roots known from elsewhere.
#ifndef AUTHSEAL_EXPORT_HEADER_TREE_H_
#define AUTHSEAL_EXPORT_HEADER_TREE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/export/tree_index.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

class HeaderTree {
 public:
  // Reads headers as far as the largest of `sizes`, and ends early where they
  // do not decode or do not follow each other. A block that holds one of the
  // sizes inside is decoded. Errors: kIo, kTemporary.
  static Result<HeaderTree> Read(const ArchiveReader& archive,
                                 std::vector<std::uint64_t> sizes);

  std::uint64_t size() const { return tree_.end(); }
  // Of one of the sizes given to Read(); empty beyond size().
  std::optional<Hash> RootAt(std::uint64_t size) const;
  // Between two of them, 0 < old_size <= new_size <= size().
  Result<std::vector<Hash>> ConsistencyProof(std::uint64_t old_size,
                                             std::uint64_t new_size) const;

 private:
  Result<bool> AddSegment(const SegmentReader& segment);
  Result<bool> AddBlock(const SegmentReader& segment, std::size_t block,
                        const BlockHeader& header);
  bool AddRange(const CompactRange& range);

  std::vector<std::uint64_t> sizes_;  // in order
  TreeIndex index_;                   // subtrees and hashes of [0, size())
  CompactRange tree_;
  std::map<std::uint64_t, Hash> roots_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_HEADER_TREE_H_
