// The footer of a sealed segment against its signature, its blocks, the tree
// so far, and the roots that are known for its end.
#ifndef AUTHSEAL_VERIFY_SEAL_CHECK_H_
#define AUTHSEAL_VERIFY_SEAL_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/identity_chain.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/verify/anchor_set.h"
#include "lib/verify/block_sequence.h"
#include "lib/verify/segment_layout.h"

namespace authseal {

// What the trust in a segment goes back to.
enum class TrustRoot {
  kPin,            // archive.note's epoch key, or a root known from elsewhere
  kIdentityAlone,  // a checkpoint of the archive, behind a lost epoch key:
                   // right unless the identity key was stolen
};

// What the segments before a segment say about it. Empty fields are not known,
// because something before is missing or damaged.
struct SegmentContext {
  std::uint64_t first_record = 0;
  std::optional<std::uint64_t> epoch = {};
  std::optional<Ed25519PublicKey> key = {};  // of the epoch
  TrustRoot root = TrustRoot::kPin;          // of the key
  std::optional<Hash> previous = {};
  std::optional<CompactRange> start = {};  // of [0, first_record)
};

struct Seal {
  std::optional<SegmentFooter> footer;
  Hash frame_hash;
  SignatureState signature = SignatureState::kNone;
  std::string error;  // why a footer that is there does not decode
};

// The footer of a reopened segment is checked under the identity key.
// Errors: kIo.
Result<Seal> ReadSeal(const SegmentReader& segment, const SegmentLayout& layout,
                      const Hash& genesis,
                      const std::optional<Ed25519PublicKey>& key,
                      const IdentityChain& identities);

// Adds seal-missing, seal-invalid, header-signature-invalid; or
// epoch-key-mismatch alone when no signature of the segment holds.
void ReportSignatures(const Seal& seal, const SegmentLayout& layout,
                      BlockSequence& sequence);

// What the tree is at the segment's end, and who says so.
struct EndVerdict {
  std::optional<CompactRange> trusted_end;  // of [0, end_record)
  TrustRoot end_root = TrustRoot::kPin;     // who says that
  bool footer_trusted = false;
  TrustRoot footer_root = TrustRoot::kPin;
  bool confirmed = false;          // by a root that the identity key signed
  bool confirmed_outside = false;  // by one that is known from elsewhere
  bool contradicted = false;       // by one
};

// Compares with the anchors of this size, sets their state and adds
// root-mismatch and fork to the sequence's findings.
EndVerdict JudgeEnd(const Seal& seal, const SegmentContext& context,
                    AnchorSet& anchors, BlockSequence& sequence);

// Whether the epoch's key signed the seal block, and the footer's statement is
// that block's record: as good as the footer's own signature, for who seals
// signs one such block and no other.
bool SealBlockIsSigned(const Seal& seal, const BlockSequence& sequence);

// Whether the last block's record is the one that follows from the footer.
bool SealRecordFollows(const SegmentFooter& footer,
                       const BlockSequence& sequence);

// Of a reopened segment: whether all before the reopen block is signed by the
// epoch's key, as far as that is known, and the block itself is not. The
// identity key vouches for what a lost key signed, and adds nothing to it.
bool OnlyEpochKeyCommits(const SegmentContext& context,
                         const BlockSequence& sequence);

// Counts, sums, compact ranges and the seal record; adds seal-invalid,
// epoch-gap, count-mismatch. Call when the blocks are what was signed, else
// their own findings say enough.
void CheckSealAgainstBlocks(const SegmentFooter& footer,
                            const SegmentContext& context,
                            std::uint64_t footer_offset_bytes,
                            BlockSequence& sequence);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_SEAL_CHECK_H_
