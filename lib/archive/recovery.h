// Puts an archive in order before a writer goes on: completes or undoes a
// seal, cuts a torn tail. Private to lib/archive's writing side.
//
// Looks before it touches anything: what it refuses (kDamaged, kKey) stays as
// it was. Each step may be cut off by a crash again; the next run takes up
// where it stopped.
#ifndef AUTHSEAL_ARCHIVE_RECOVERY_H_
#define AUTHSEAL_ARCHIVE_RECOVERY_H_

#include <optional>
#include <string>
#include <string_view>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_tip.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/key_store.h"
#include "lib/archive/open_segment.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

struct RecoveryPlace {
  const ArchiveReader& archive;
  Directory& root;
  Directory& segments;
  Directory& checkpoints;
  KeyStore& keys;
  SegmentIndexer* indexer;  // may be null
  // Null where no identity key is known: what it signed goes unchecked then.
  const IdentityChain* identities = nullptr;
  unsigned threads = 1;  // of a seal's read-back
};

// Ends with the key of the archive's open epoch, and no trace of a seal.
Result<EpochKey> RecoverSeal(const RecoveryPlace& place,
                             RecoveryReport& report);

enum class TornTail {
  kCut,     // the last append may have been cut off by a crash
  kRefuse,  // all of it was durable once
};

// What is left of a seal: the tail that a crash kept, put in its place. `key`:
// who signed it.
Status ReplayTail(const RecoveryPlace& place, const SealIntent& intent,
                  ByteVector tail, bool sealed, const Ed25519PublicKey& key);

// The open segment, ready to append to. `key`: that of its epoch.
Result<OpenSegment> RecoverOpenSegment(const RecoveryPlace& place,
                                       const ArchiveTip& tip,
                                       const Ed25519PublicKey& key,
                                       TornTail torn_tail,
                                       RecoveryReport& report);

// Copies `extent` of the segment `file` to "salvage/<segment>-<offset>.bin", or
// with "-2" and so on when other bytes have that name. Returns the path below
// the archive.
Result<std::string> SetAside(Directory& root, const ReadableFile& file,
                             std::string_view segment,
                             const ByteExtent& extent);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_RECOVERY_H_
