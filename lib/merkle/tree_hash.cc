#include "lib/merkle/tree_hash.h"

#include "lib/crypto/sha256.h"

namespace authseal {

Hash LeafHash(Bytes record) {
  Hash leaf;
  Sha256Prefixed(kLeafPrefix, {&record, 1}, {&leaf, 1});
  return leaf;
}

Hash NodeHash(const Hash& left, const Hash& right) {
  const Hash pair[2] = {left, right};
  Hash node;
  Sha256NodePairs(pair, {&node, 1});
  return node;
}

Hash EmptyRoot() {
  return Sha256Of({});
}

}  // namespace authseal
