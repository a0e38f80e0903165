// The seal as the last block has it, for where the footer is damaged: the seal
// record makes the footer's statement, and the epoch's key signed its header.
#ifndef AUTHSEAL_VERIFY_SEAL_BLOCK_H_
#define AUTHSEAL_VERIFY_SEAL_BLOCK_H_

#include <optional>

#include "lib/archive/segment_footer.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"

namespace authseal {

// Empty unless `block` is a seal block that `key` signed. Counts, sums and
// ranges are not in it and stay empty. Errors: kIo, kTemporary.
Result<std::optional<SegmentFooter>> ReadSealBlock(const SegmentReader& segment,
                                                   const BlockExtent& block,
                                                   const Hash& genesis,
                                                   const Ed25519PublicKey& key);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_SEAL_BLOCK_H_
