// The bytes that seal a segment: seal block, footer, seek table. Pure. Private
// to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_SEALED_TAIL_H_
#define AUTHSEAL_ARCHIVE_SEALED_TAIL_H_

#include "lib/archive/archive_writer.h"
#include "lib/archive/key_store.h"
#include "lib/archive/read_back.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

struct SealedTail {
  SegmentFooter footer;
  Hash footer_hash;  // of its frame; what the next segment follows
  ByteVector bytes;
};

// Who signs a segment's end: the key of its epoch, or, when that is lost, the
// identity key. Which of them, the intent says. Borrows.
struct EndSigner {
  Ed25519PublicKey epoch_key;  // that signed the commits
  const Ed25519Signer& signer;
};

// From the intent alone, the blocks before and the index: so the same inputs
// give the same bytes, also after a crash.
Result<SealedTail> BuildSealedTail(const SealIntent& intent,
                                   const SegmentStart& start, ReadBack blocks,
                                   const SegmentIndexer::Index& index,
                                   const Hash& genesis, const EndSigner& end);

// The tail that an earlier run wrote: kDamaged unless its footer is that of
// `intent` and signed by `key`, which is the epoch's or the identity's.
Result<SealedTail> ParseSealedTail(ByteVector bytes, const SealIntent& intent,
                                   const Hash& genesis,
                                   const Ed25519PublicKey& key);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SEALED_TAIL_H_
