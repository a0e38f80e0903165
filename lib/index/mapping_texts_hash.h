// The hash over the built-in mappings' texts and the rules' version.
#ifndef AUTHSEAL_INDEX_MAPPING_TEXTS_HASH_H_
#define AUTHSEAL_INDEX_MAPPING_TEXTS_HASH_H_

#include "lib/base/bytes.h"

namespace authseal {

// What IndexMappingId() is. Made when the program is built: to hash the texts
// at every start would take a needle's query longer than to find the block.
Hash MappingTextsHash();

// As embed_mapping_id found it.
extern const Hash kEmbeddedMappingId;

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_MAPPING_TEXTS_HASH_H_
