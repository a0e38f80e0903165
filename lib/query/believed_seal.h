// Which statement closes a segment, and what the trust in it goes back to.
#ifndef AUTHSEAL_QUERY_BELIEVED_SEAL_H_
#define AUTHSEAL_QUERY_BELIEVED_SEAL_H_

#include <optional>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/query/descent.h"
#include "lib/query/header_chain.h"
#include "lib/verify/finding.h"

namespace authseal {

// A segment, and what was read of it.
struct Sealed {
  const ArchiveReader& archive;
  const SegmentFile& file;
  const SegmentReader& segment;
  StoredHeaders stored = {};  // with `has_headers`
  bool has_headers = false;

  Status NeedHeaders() {
    if (!has_headers) {
      TRY_ASSIGN(stored, ReadHeaders(segment));
      has_headers = true;
    }
    return Ok();
  }
};

// A footer that is believed.
struct BelievedSeal {
  SegmentFooter footer;
  TrustRoot root = TrustRoot::kPin;
  std::optional<Hash> frame_hash;  // as it was signed
  bool restored = false;           // without counts and ranges
};

// Under the epoch's key; else by the seal block that it signed; else by a root
// for the end. Empty where none of them speaks for it. What is wrong goes to
// `findings`. Errors: kIo, kTemporary.
Result<std::optional<BelievedSeal>> BelieveSeal(Sealed& sealed,
                                                Descent& descent,
                                                std::vector<Finding>& findings);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_BELIEVED_SEAL_H_
