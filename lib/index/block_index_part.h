// What one block contributes to its segment's index: the terms that occur in
// it, and what its events are. Made where the records are at hand: on ingest's
// workers, else at the seal.
#ifndef AUTHSEAL_INDEX_BLOCK_INDEX_PART_H_
#define AUTHSEAL_INDEX_BLOCK_INDEX_PART_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/archive/segment_indexer.h"
#include "lib/event/mapper.h"
#include "lib/index/block_columns.h"
#include "lib/index/index_rules.h"
#include "lib/index/term_layout.h"
#include "lib/json/document.h"

namespace authseal {

// A block of log lines has some thousands; hostile ones may have millions.
inline constexpr std::size_t kBlockTermsMax = 1u << 16;

struct BlockIndexPart : IndexPart {
  std::vector<IndexTermHash> terms;  // each once, in no order
  bool terms_incomplete = false;     // there were more than kBlockTermsMax
  // Of event times; an event without one counts as ingested.
  UnixNanos time_min;
  UnixNanos time_max;
  std::uint32_t kinds = 0;             // bit per EventKind
  std::uint32_t outcomes = 0;          // bit per EventOutcome
  std::vector<std::string> providers;  // each once, in no order
  BlockColumns columns;

  std::size_t size_bytes() const {
    return sizeof(*this) + terms.capacity() * sizeof(terms[0]) +
           columns.size_bytes();
  }
};

// Reused from block to block; one a thread. `rules` are borrowed.
class BlockIndexPartMaker {
 public:
  explicit BlockIndexPartMaker(const IndexRules& rules);

  // `ingest_first`: of the block's header.
  void Begin(UnixNanos ingest_first);
  // `record`: its bytes as stored. `parsed`: their document, where it is at
  // hand; else null. `recognised`: what TokenPointers of the same mapper left,
  // where they were asked for; else null.
  void Add(std::string_view record, const JsonDocument* parsed,
           EventMapper::Scratch* recognised = nullptr);
  std::shared_ptr<const BlockIndexPart> Take();

  // A whole block.
  std::shared_ptr<const BlockIndexPart> Make(
      UnixNanos ingest_first, const std::vector<std::string_view>& records);

 private:
  void AddEvent(const Event& event, bool is_control);
  void AddTerm(TermField field, std::string_view value);
  void AddHash(IndexTermHash hash);
  bool Insert(IndexTermHash hash);
  void Grow();
  std::size_t HomeSlot(IndexTermHash hash) const {
    return std::size_t{hash} & (seen_.size() - 1);
  }
  void AddMentions(std::string_view record, std::optional<RecordMark> mark);
  void AddMentionsIn(std::string_view text);
  // Its number within the part.
  std::uint8_t AddProvider(const std::string& provider);

  const IndexRules& rules_;
  EventMapper::Scratch scratch_;
  std::vector<Event> events_;
  JsonDocument document_;
  std::string text_;
  UnixNanos ingest_first_;
  bool empty_ = true;  // no event yet
  std::shared_ptr<BlockIndexPart> part_;
  BlockColumnsMaker columns_;
  // Open addressing, a power of two long; 0: free.
  std::vector<IndexTermHash> seen_;
  bool zero_seen_ = false;  // the one hash that has no slot
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_BLOCK_INDEX_PART_H_
