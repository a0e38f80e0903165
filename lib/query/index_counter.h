// What a scan asks before it reads the blocks that an index chose.
#ifndef AUTHSEAL_QUERY_INDEX_COUNTER_H_
#define AUTHSEAL_QUERY_INDEX_COUNTER_H_

#include <cstdint>
#include <vector>

#include "lib/base/result.h"
#include "lib/index/index_reader.h"

namespace authseal {

// Takes what it needs of some blocks from the index, so that they need not be
// read. One thread.
class IndexCounter {
 public:
  virtual ~IndexCounter() = default;

  // Of all blocks of one segment, where the index knows the sums, so that not
  // even its directory is read; false where Count() is to be asked. kDamaged
  // as there.
  virtual Result<bool> CountAll(IndexReader& index) = 0;
  // Of these blocks of one segment, ascending; gives those that are to be
  // read. kDamaged: the index proves wrong, and nothing of it counts.
  virtual Result<std::vector<std::uint32_t>> Count(
      IndexReader& index, const std::vector<std::uint32_t>& blocks) = 0;
  // What was counted last is final; else the next Count() forgets it.
  virtual void Accept() = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_INDEX_COUNTER_H_
