// Seals a segment, and completes seals that a crash cut off. The order is that
// of authseal-format(5), CRASH SAFETY. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_SEALING_H_
#define AUTHSEAL_ARCHIVE_SEALING_H_

#include <memory>

#include "lib/archive/archive_writer.h"
#include "lib/archive/key_store.h"
#include "lib/archive/open_segment.h"
#include "lib/archive/open_segment_scan.h"
#include "lib/archive/sealed_tail.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"

namespace authseal {

struct SealPlace {
  Directory& segments;
  KeyStore& keys;
  const Hash& genesis;
  SegmentIndexer* indexer;  // may be null
  unsigned threads = 1;     // of the read-back
  // For the indexer; may be null.
  std::shared_ptr<const StoredIndexParts> stored_parts = nullptr;
};

struct SealedSegment {
  SegmentFooter footer;
  SegmentStart next;  // of the segment after it
};

// (1): the next key, then the intent that names it, both durable. `reopens`:
// the epoch's key is lost, and the identity key is to sign in its place.
Result<SealIntent> DeclareSeal(KeyStore& keys, const Clock& clock,
                               const OpenSegment& open, bool reopens = false);

// (2) to (6), from an intent that is durable. On kDamaged ("seal-readback-
// mismatch") nothing was sealed and no key destroyed.
Result<SealedSegment> CompleteSeal(const SealPlace& place,
                                   const SealIntent& intent,
                                   const EndSigner& end, OpenSegment& open);

// (4) to (6), after a crash, from the tail that is durable: `base` holds the
// blocks before it, under the open or the sealed name. The file is written
// anew, since what a crash or a failed sync left of the old one is not known.
Status ReplaySealTail(const SealPlace& place, const SealIntent& intent,
                      std::string_view base_name, Bytes tail);

// (5) and (6).
Status EvolveKey(KeyStore& keys);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SEALING_H_
