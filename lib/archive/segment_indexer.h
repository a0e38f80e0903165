// Who makes the index of a segment, as the writer sees it.
#ifndef AUTHSEAL_ARCHIVE_SEGMENT_INDEXER_H_
#define AUTHSEAL_ARCHIVE_SEGMENT_INDEXER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// What an indexer made of a block while its records were at hand.
class IndexPart {
 public:
  virtual ~IndexPart() = default;
};

// Parts that an earlier writer of this archive left, and whose origin was
// checked. May be asked from many threads.
class StoredIndexParts {
 public:
  virtual ~StoredIndexParts() = default;
  // As ForEachKept() gave it for this block; empty: there is none. Errors: kIo
  // and the like, when it could not look.
  virtual Result<std::optional<ByteVector>> Find(
      const BlockHeader& header) const = 0;
};

// Given each block of a segment at its seal, in order, and makes its index.
class SegmentIndexer {
 public:
  virtual ~SegmentIndexer() = default;
  struct Index {
    std::uint16_t kind = 0;
    ByteVector bytes;
  };
  // After a commit: the part of a block of the open segment, so that its seal
  // need not look at the records again. Only a shortcut: it may be forgotten.
  virtual void Keep(const BlockHeader& /*header*/,
                    std::shared_ptr<const IndexPart> /*part*/) {}
  // What Keep() left, of the open segment, as bytes that this indexer knows
  // again in another process. The first error ends it.
  using TakeKept = std::function<Status(std::uint64_t first_record,
                                        const Hash& stored_hash, Bytes part)>;
  virtual Status ForEachKept(const TakeKept& /*take*/) const { return Ok(); }
  // For the next segment that is begun. May be null.
  virtual void UseStored(std::shared_ptr<const StoredIndexParts> /*parts*/) {}

  virtual void BeginSegment() = 0;
  virtual Status AddBlock(const BlockHeader& header,
                          const std::vector<std::string_view>& records) = 0;

  // Makes the parts of blocks, in any order, on a thread of its own while
  // others do the same. Borrows from the indexer, which is given nothing to
  // keep meanwhile.
  class PartMaker {
   public:
    virtual ~PartMaker() = default;
    virtual Result<std::shared_ptr<const IndexPart>> Make(
        const BlockHeader& header,
        const std::vector<std::string_view>& records) = 0;
  };
  // After BeginSegment(), one for each thread. Null: this indexer wants
  // AddBlock().
  virtual std::unique_ptr<PartMaker> NewPartMaker() { return nullptr; }
  // In place of AddBlock(), in order too, where there are part makers.
  virtual Status AddMadePart(const BlockHeader& /*header*/,
                             std::shared_ptr<const IndexPart> /*part*/) {
    return Error{ErrorCode::kInternal, "index: nothing takes this part"};
  }

  virtual Result<Index> Finish() = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SEGMENT_INDEXER_H_
