// Checks the blocks of a segment on several threads, and hands over the
// outcomes in order on the caller's thread.
#ifndef AUTHSEAL_VERIFY_BLOCK_WALK_H_
#define AUTHSEAL_VERIFY_BLOCK_WALK_H_

#include <cstddef>
#include <functional>

#include "lib/base/result.h"
#include "lib/verify/block_check.h"

namespace authseal {

// Called with 0, 1, … An Error ends the walk with it.
using BlockFold =
    std::function<Status(std::size_t block, BlockOutcome& outcome)>;

// At most two blocks a thread are in flight, so that memory does not grow with
// the segment. Errors: the first one in block order, of a check or of `fold`;
// kTemporary when memory runs out on a thread.
Status WalkBlocks(const BlockCheckTask& task, unsigned threads,
                  const BlockFold& fold);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BLOCK_WALK_H_
