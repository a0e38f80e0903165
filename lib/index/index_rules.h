// What a segment's index follows from besides its records: the built-in
// mappings and the archive's genesis. The same records and rules give the same
// bytes.
#ifndef AUTHSEAL_INDEX_INDEX_RULES_H_
#define AUTHSEAL_INDEX_INDEX_RULES_H_

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/event/mapper.h"
#include "lib/index/term_hash.h"

namespace authseal {

// Names the built-in mappings of this program and how it reads them. An index
// of another mapping_id may leave out what these mappings see.
Hash IndexMappingId();

struct IndexRules {
  // Mappings of a user's own do not count: whoever queries may not have them.
  static Result<IndexRules> Create(const Hash& genesis);

  EventMapper mapper;
  TermKey key;
  Hash mapping_id;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_INDEX_RULES_H_
