// What an archive's tree can say about two checkpoints. The archive need not
// be trusted for it: what it says is proven by hashes alone, or is not said.
#ifndef AUTHSEAL_EXPORT_CONSISTENCY_H_
#define AUTHSEAL_EXPORT_CONSISTENCY_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/archive/identity_chain.h"
#include "lib/base/result.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"

namespace authseal {

enum class Relation {
  kSame,
  kConsistent,
  kForked,
  kUndecided,
};
std::string_view RelationName(Relation relation);  // "consistent"

// What an archive's tree says of one checkpoint.
enum class Standing {
  kUnknown,  // no archive, or its tree does not reach that size
  kIn,       // it has this root at this size
  kNotIn,    // it has another
};

struct Comparison {
  Relation relation = Relation::kUndecided;
  Standing older = Standing::kUnknown;
  Standing newer = Standing::kUnknown;
  std::uint64_t archive_size = 0;  // records that its headers tell of
  // The archive's newest checkpoint, where that is what shows the fork.
  std::uint64_t published_size = 0;
  // From the smaller to the larger; of kConsistent where sizes differ and
  // neither is 0. Checked.
  std::vector<Hash> proof;
};

// `older.size <= newer.size`, and equal origins. Without an archive sizes that
// differ are undecided. With one:
//
//   older  | newer  | relation
//   in     | in     | consistent, by a proof
//   not in | in     | forked: the newer one's tree has another root there
//   in     | not in | forked from the archive's own newest checkpoint, if that
//          |        | covers the newer size (and verifies under `identities`,
//          unless |        | null) and is in its tree; else undecided, because
//          the |        | newer one may continue the older in another history
//   else            | undecided
//
// Errors: kIo, kTemporary.
Result<Comparison> CompareCheckpoints(const Checkpoint& older,
                                      const Checkpoint& newer,
                                      const ArchiveReader* archive,
                                      const IdentityChain* identities);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_CONSISTENCY_H_
