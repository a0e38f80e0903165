// Verifies one segment, given what the segments before say about it. Knows
// nothing of the archive around it.
#ifndef AUTHSEAL_VERIFY_SEGMENT_VERIFIER_H_
#define AUTHSEAL_VERIFY_SEGMENT_VERIFIER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"
#include "lib/verify/anchor_set.h"
#include "lib/verify/block_sequence.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/ingest_notes.h"
#include "lib/verify/report.h"
#include "lib/verify/seal_check.h"
#include "lib/verify/trust.h"

namespace authseal {

// The same for all segments of a run.
struct SegmentScope {
  VerifyDepth depth = VerifyDepth::kFull;
  unsigned threads = 1;
  Hash genesis;
  AnchorSet& anchors;
  IngestNotes& ingest_notes;
  const IdentityChain& identities;
  // Called after each block with what it added.
  std::function<void(std::uint64_t bytes, std::uint64_t records)> progress;
};

struct SegmentOutcome {
  FindingList findings;  // by place
  SegmentTrust trust;
  RecordRange records;  // from the file's name to where the blocks end

  // Of sealed segments.
  std::optional<SegmentFooter> footer;  // as it stands
  bool footer_trusted = false;
  std::optional<Hash> reopened;  // the statement's hash, where it is signed
  bool confirmed = false;        // see EndVerdict
  bool confirmed_outside = false;
  bool contradicted = false;
  std::optional<CompactRange> tree;  // of [0, records.end), as good as known
  SegmentContext next;               // for the segment behind it
  bool end_known = false;            // next.first_record is sure
  std::vector<BlockSummary> blocks;  // in order

  // Of the open one.
  std::uint64_t unsealed_records = 0;
  std::uint64_t tail_bytes = 0;  // behind the last signed header
};

// Errors: kIo, kTemporary. `file` names the segment in findings. `segment` may
// be mapped anew.
Result<SegmentOutcome> VerifySealedSegment(const SegmentScope& scope,
                                           const SegmentContext& context,
                                           const std::string& file,
                                           SegmentReader& segment);

// A torn tail is in tail_bytes, not in findings. See authseal-format(5),
// VERIFICATION, step 7.
Result<SegmentOutcome> VerifyOpenSegment(const SegmentScope& scope,
                                         const SegmentContext& context,
                                         const std::string& file,
                                         const SegmentReader& segment);

// Checks the blocks and folds them; shared by the two above.
Status WalkSegment(const SegmentScope& scope, const BlockCheckTask& task,
                   BlockSequence& sequence);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_SEGMENT_VERIFIER_H_
