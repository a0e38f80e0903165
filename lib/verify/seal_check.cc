#include "lib/verify/seal_check.h"

#include <algorithm>
#include <utility>

#include "lib/archive/format.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/tree_hash.h"
#include "lib/verify/trust.h"

namespace authseal {
namespace {

constexpr std::uint64_t kFooterFrameSizeBytesLimit =
    kFooterContentSizeBytesMax + kSkippablePrefixSizeBytes;

std::size_t CountSignatures(const BlockSequence& sequence,
                            SignatureState state) {
  const auto& blocks = sequence.blocks();
  return static_cast<std::size_t>(std::count_if(
      blocks.begin(), blocks.end(),
      [state](const BlockSummary& block) { return block.signature == state; }));
}

void ReportSegment(FindingKind kind, std::uint64_t offset_bytes,
                   std::string text, BlockSequence& sequence) {
  sequence.findings().Add({kind, sequence.file(), offset_bytes, std::nullopt,
                           std::nullopt, std::move(text)});
}

// Each end of the tree that the segment's parts lead to.
std::vector<CompactRange> EndCandidates(const Seal& seal,
                                        const SegmentContext& context,
                                        const BlockSequence& sequence) {
  std::vector<CompactRange> ends;
  std::vector<std::optional<CompactRange>> starts = {context.start};
  if (seal.footer.has_value()) {
    starts.emplace_back(seal.footer->start);
  }
  for (const auto& start : starts) {
    for (const auto& part : {sequence.recomputed(), sequence.claimed()}) {
      if (auto end = Join(start, part); end.has_value()) {
        ends.push_back(*std::move(end));
      }
    }
  }
  return ends;
}

// Without a known epoch's key, it is the identity key that reopened.
TrustRoot RootOf(const SegmentContext& context, bool is_signed,
                 bool is_known_outside) {
  if (is_known_outside) {
    return TrustRoot::kPin;
  }
  return is_signed && context.key.has_value() ? context.root
                                              : TrustRoot::kIdentityAlone;
}

}  // namespace

Result<Seal> ReadSeal(const SegmentReader& segment, const SegmentLayout& layout,
                      const Hash& genesis,
                      const std::optional<Ed25519PublicKey>& key,
                      const IdentityChain& identities) {
  Seal seal;
  if (!layout.footer.has_value()) {
    return seal;
  }
  ByteVector frame;
  const Status read =
      segment.Read(*layout.footer, kFooterFrameSizeBytesLimit, frame);
  if (!read.has_value()) {
    if (read.error().code == ErrorCode::kIo ||
        read.error().code == ErrorCode::kTemporary) {
      return read.error();
    }
    seal.error = read.error().message;
    return seal;
  }
  seal.frame_hash = Sha256Of(frame);
  Result<SegmentFooter> footer = DecodeSegmentFooter(frame);
  if (!footer.has_value()) {
    seal.error = footer.error().message;
    return seal;
  }
  seal.signature = SignatureState::kUnchecked;
  const std::optional<Ed25519PublicKey> signer =
      footer->reopens ? identities.KeyAt(footer->end_record).key : key;
  if (signer.has_value()) {
    seal.signature =
        VerifyEd25519(*signer, SegmentFooterSignedMessage(genesis, *footer),
                      footer->signature)
            ? SignatureState::kValid
            : SignatureState::kInvalid;
  }
  seal.footer = *std::move(footer);
  return seal;
}

void ReportSignatures(const Seal& seal, const SegmentLayout& layout,
                      BlockSequence& sequence) {
  const std::uint64_t offset_bytes =
      layout.footer.has_value() ? layout.footer->offset_bytes : 0;
  if (!seal.error.empty()) {
    ReportSegment(FindingKind::kSealInvalid, offset_bytes,
                  "the footer does not decode: " + seal.error, sequence);
  } else if (!seal.footer.has_value()) {
    ReportSegment(FindingKind::kSealMissing, layout.rest.offset_bytes,
                  "the segment is named as sealed and has no footer", sequence);
  }
  const std::size_t invalid =
      CountSignatures(sequence, SignatureState::kInvalid) +
      (seal.signature == SignatureState::kInvalid ? 1 : 0);
  const bool any_valid = seal.signature == SignatureState::kValid ||
                         CountSignatures(sequence, SignatureState::kValid) > 0;
  if (invalid > 1 && !any_valid) {
    ReportSegment(FindingKind::kEpochKeyMismatch, offset_bytes,
                  "none of the segment's " + std::to_string(invalid) +
                      " signatures is by the key of its epoch",
                  sequence);
    return;
  }
  for (std::size_t i = 0; i < sequence.blocks().size(); ++i) {
    if (sequence.blocks()[i].signature == SignatureState::kInvalid) {
      sequence.Report(FindingKind::kHeaderSignatureInvalid, i,
                      sequence.blocks()[i].header.offset_bytes,
                      "the header's signature is not by the key of its epoch");
    }
  }
  if (seal.signature == SignatureState::kInvalid) {
    ReportSegment(FindingKind::kSealInvalid, offset_bytes,
                  seal.footer->reopens
                      ? "the reopen statement is not signed by the identity key"
                      : "the footer's signature is not by the key of its epoch",
                  sequence);
  }
}

EndVerdict JudgeEnd(const Seal& seal, const SegmentContext& context,
                    AnchorSet& anchors, BlockSequence& sequence) {
  const bool is_signed = seal.signature == SignatureState::kValid;
  const bool plausible =
      is_signed || seal.signature == SignatureState::kUnchecked;
  std::vector<CompactRange> folded = EndCandidates(seal, context, sequence);
  std::vector<CompactRange> candidates;
  if (is_signed) {
    candidates = {seal.footer->end};
  } else {
    candidates = folded;
    if (plausible) {
      candidates.push_back(seal.footer->end);
    }
  }
  const bool clean = sequence.findings().empty();
  EndVerdict verdict;
  for (Anchor& anchor : anchors.At(plausible ? seal.footer->end_record
                                             : sequence.end_record())) {
    const auto match = std::find_if(candidates.begin(), candidates.end(),
                                    [&anchor](const CompactRange& end) {
                                      return end.end() == anchor.size &&
                                             end.Root() == anchor.root;
                                    });
    if (match != candidates.end()) {
      anchor.state = Anchor::State::kConfirmed;
      verdict.confirmed = true;
      verdict.confirmed_outside |= anchor.is_from_outside();
      verdict.trusted_end = *match;
    } else if (!candidates.empty() && (is_signed || clean)) {
      anchor.state = Anchor::State::kContradicted;
      verdict.contradicted = true;
      sequence.findings().Add(ContradictionFinding(anchor));
    } else {
      anchor.state = Anchor::State::kUncheckable;
    }
  }
  if (verdict.contradicted) {
    verdict.confirmed = verdict.confirmed_outside = false;
    verdict.trusted_end.reset();
    return verdict;
  }
  if (is_signed) {
    verdict.trusted_end = seal.footer->end;
  }
  // Root, so leaves; seal record, so footer.
  const bool by_tree = verdict.confirmed && seal.footer.has_value() &&
                       std::find(folded.begin(), folded.end(),
                                 *verdict.trusted_end) != folded.end() &&
                       SealRecordFollows(*seal.footer, sequence);
  const bool by_key = is_signed || SealBlockIsSigned(seal, sequence);
  verdict.footer_trusted = by_key || by_tree;
  verdict.end_root = RootOf(context, is_signed, verdict.confirmed_outside);
  verdict.footer_root =
      RootOf(context, by_key, by_tree && verdict.confirmed_outside);
  return verdict;
}

bool SealBlockIsSigned(const Seal& seal, const BlockSequence& sequence) {
  return seal.footer.has_value() && !seal.footer->reopens &&
         !sequence.blocks().empty() &&
         sequence.blocks().back().signature == SignatureState::kValid &&
         SealRecordFollows(*seal.footer, sequence);
}

bool SealRecordFollows(const SegmentFooter& footer,
                       const BlockSequence& sequence) {
  if (sequence.blocks().empty() || !sequence.seal_leaf().has_value()) {
    return false;
  }
  const BlockSummary& last = sequence.blocks().back();
  return last.header_decoded &&
         *sequence.seal_leaf() ==
             LeafHash(AsBytes(SealRecord(footer, last.previous)));
}

bool OnlyEpochKeyCommits(const SegmentContext& context,
                         const BlockSequence& sequence) {
  const std::vector<BlockSummary>& blocks = sequence.blocks();
  if (blocks.empty() || blocks.back().signature != SignatureState::kNone) {
    return false;
  }
  return blocks.size() == 1 || !context.key.has_value() ||
         blocks[blocks.size() - 2].signature == SignatureState::kValid;
}

void CheckSealAgainstBlocks(const SegmentFooter& footer,
                            const SegmentContext& context,
                            std::uint64_t footer_offset_bytes,
                            BlockSequence& sequence) {
  const auto report = [&](FindingKind kind, std::string text) {
    ReportSegment(kind, footer_offset_bytes, std::move(text), sequence);
  };
  if (context.epoch.has_value() && footer.epoch != *context.epoch) {
    report(FindingKind::kEpochGap,
           "the footer is of epoch " + std::to_string(footer.epoch) +
               " in place of " + std::to_string(*context.epoch));
  }
  if (footer.first_record != context.first_record ||
      footer.end_record != sequence.end_record()) {
    report(FindingKind::kCountMismatch,
           "the footer's record numbers are not those of the blocks");
  }
  if (footer.block_count != sequence.blocks().size() ||
      footer.content_size_bytes != sequence.content_size_bytes()) {
    report(FindingKind::kSealInvalid,
           "the footer's counts are not those of the blocks");
  }
  if (context.start.has_value() && footer.start != *context.start) {
    report(FindingKind::kSealInvalid,
           "the footer does not continue the tree of the segments before");
  }
  if (Join(footer.start, sequence.claimed()) != footer.end) {
    report(FindingKind::kSealInvalid,
           "the footer's compact range does not follow from the blocks");
  }
  if (footer.reopens && !OnlyEpochKeyCommits(context, sequence)) {
    report(FindingKind::kSealInvalid,
           "the identity key closed the segment behind more than the epoch's "
           "key had signed");
  }
  if (!SealRecordFollows(footer, sequence)) {
    report(FindingKind::kSealInvalid,
           "the last record is not the seal record that follows from the "
           "footer");
  }
}

}  // namespace authseal
