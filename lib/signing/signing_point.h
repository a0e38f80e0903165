// Where a log stands after a seal, as a signer sees it: the tree, and the key
// that will sign the next seal. See authseal-format(5), SIGNING REQUESTS.
#ifndef AUTHSEAL_SIGNING_SIGNING_POINT_H_
#define AUTHSEAL_SIGNING_SIGNING_POINT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/archive/archive_note.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"

namespace authseal {

struct SigningPoint {
  std::uint64_t epoch = 0;  // of the next seal: how many there were
  std::uint64_t size = 0;   // records
  Hash root;
  Ed25519PublicKey epoch_key;  // of that epoch
  bool operator==(const SigningPoint&) const = default;
};

SigningPoint StartOf(const ArchiveNote& note);
SigningPoint PointAfter(const SegmentFooter& footer);

// "<epoch> <size> <base64 root> <base64 key>".
std::string FormatSigningPoint(const SigningPoint& point);
Result<SigningPoint> ParseSigningPoint(std::string_view text);  // kDamaged

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_SIGNING_POINT_H_
