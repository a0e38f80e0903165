// What a host asks the signer of its log for: a checkpoint over what it sealed,
// with what is needed to check that it follows from what was signed before; or
// the first note of a new archive. See authseal-format(5), SIGNING REQUESTS.
//
// Nothing in a request is believed: parsing bounds it, chain_check.h and
// memory_check.h say what holds.
#ifndef AUTHSEAL_SIGNING_SIGNING_REQUEST_H_
#define AUTHSEAL_SIGNING_SIGNING_REQUEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/identity_chain.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/merkle/compact_range.h"
#include "lib/signing/signing_point.h"

namespace authseal {

// About 2 KiB each, so that a request is some 32 MiB at the very most.
inline constexpr std::size_t kRequestSealsMax = 16384;
inline constexpr std::size_t kRequestRotationsMax = 1024;
inline constexpr std::size_t kRequestSizeBytesMax = std::size_t{64} << 20;

struct SealStatement {
  SegmentFooter footer;
  Hash chain;         // `previous` of the seal block's header
  CompactRange body;  // of the segment's records, seal record excluded
};

struct SigningRequest {
  std::string archive_note;               // the file's bytes
  std::vector<StoredRotation> rotations;  // all of the archive, by size
  SigningPoint from;
  std::vector<SealStatement> seals;  // in order, the first one of from.epoch

  SigningPoint newest() const {
    return seals.empty() ? from : PointAfter(seals.back().footer);
  }
};

std::string FormatSigningRequest(const SigningRequest& request);
// Errors: kNewerVersion, kDamaged: also for whatever Format would have written
// in another way.
Result<SigningRequest> ParseSigningRequest(std::string_view text);

// By its first line.
bool IsNewLogRequest(std::string_view text);
std::string FormatNewLogRequest(std::string_view archive_note_text);
// The text of the archive.note to be signed. Errors as above.
Result<std::string> ParseNewLogRequest(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_SIGNING_REQUEST_H_
