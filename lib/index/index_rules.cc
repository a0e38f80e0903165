#include "lib/index/index_rules.h"

#include <utility>

#include "lib/index/mapping_texts_hash.h"

namespace authseal {

Hash IndexMappingId() {
  return kEmbeddedMappingId;
}

Result<IndexRules> IndexRules::Create(const Hash& genesis) {
  TRY_ASSIGN(EventMapper mapper, EventMapper::Create({}));
  return IndexRules{.mapper = std::move(mapper),
                    .key = TermKeyOf(genesis),
                    .mapping_id = IndexMappingId()};
}

}  // namespace authseal
