// Which blocks of a segment may hold an answer, by its index.
#ifndef AUTHSEAL_INDEX_BLOCK_SELECTION_H_
#define AUTHSEAL_INDEX_BLOCK_SELECTION_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/event/event.h"
#include "lib/index/index_reader.h"
#include "lib/index/term_hash.h"

namespace authseal {

struct IndexTerm {
  TermField field = TermField::kToken;
  std::string value;  // of kIp: the 16 bytes of IpAddress
};

// What an event must be to be an answer, as far as an index knows. All
// conditions hold together.
struct IndexQuestion {
  Hash mapping_id;  // of the mappings that the events are made with
  // One term of each of these lists must occur.
  std::vector<std::vector<IndexTerm>> any_terms;
  std::optional<UnixNanos> since;           // inclusive
  std::optional<UnixNanos> until;           // exclusive
  std::uint32_t kinds = ~std::uint32_t{0};  // bit per EventKind
  std::uint32_t outcomes = ~std::uint32_t{0};
  std::vector<std::string> providers;  // one of them; none: any
  RecordRange records = {0, ~std::uint64_t{0}};
  // False for blocks without an answer; none: all may have one.
  std::function<bool(const RecordRange&)> wants_records = {};
  // Seal records may be answers too: an index says nothing of them.
  bool with_seal = false;
};

// The blocks that may hold an answer, ascending; every block that holds one is
// among them if the index is what its mapping_id makes of the segment. Errors:
// kDamaged as IndexReader has it, kIo.
Result<std::vector<std::uint32_t>> SelectBlocks(IndexReader& index,
                                                const TermKey& key,
                                                const IndexQuestion& question);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_BLOCK_SELECTION_H_
