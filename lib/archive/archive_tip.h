// What a writer builds on: the newest footer, and the key that follows from
// it. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_ARCHIVE_TIP_H_
#define AUTHSEAL_ARCHIVE_ARCHIVE_TIP_H_

#include <cstdint>
#include <optional>
#include <string>

#include "lib/archive/archive_reader.h"
#include "lib/archive/commit.h"
#include "lib/archive/identity_chain.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"

namespace authseal {

struct ArchiveTip {
  SegmentStart start;                   // of the open segment
  Ed25519PublicKey epoch_key;           // which signs it
  std::optional<SegmentFooter> footer;  // of the newest sealed segment
  bool open_segment_present = false;
};

// Checks the newest footer's signature under the key that the footer before it
// (or archive.note) names, and that no segment is missing by count and number.
// Of a reopened segment it is the identity key's, checked where `identities`
// is not null. The whole descent is the verifier's work. Error kDamaged.
Result<ArchiveTip> ReadArchiveTip(const ArchiveReader& archive,
                                  const IdentityChain* identities);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_ARCHIVE_TIP_H_
