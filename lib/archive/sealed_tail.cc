#include "lib/archive/sealed_tail.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/archive/commit.h"
#include "lib/archive/format.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

Result<EncodedBlock> BuildSealBlock(const SegmentFooter& footer,
                                    const Hash& chain) {
  const std::string record = SealRecord(footer, chain);
  BlockDraft draft;
  draft.content.assign(record.begin(), record.end());
  draft.content.push_back('\n');
  draft.record_ends_bytes = {static_cast<std::uint32_t>(record.size())};
  draft.ingest_first = footer.seal_time;
  draft.ingest_last = footer.seal_time;
  BlockBuilder builder;
  return builder.Build(draft, footer.end_record - 1);
}

// What the seal record follows from.
SegmentFooter DraftFooter(const SealIntent& intent, const SegmentStart& start,
                          const SegmentIndexer::Index& index) {
  SegmentFooter footer;
  footer.reopens = intent.reopens;
  footer.epoch = intent.epoch;
  footer.first_record = intent.segment_first_record;
  footer.end_record = intent.end_record;
  footer.seal_time = intent.seal_time;
  footer.next_key = intent.next_key;
  footer.index_kind = index.kind;
  if (index.kind != 0) {
    footer.index_size_bytes = index.bytes.size();
    footer.index_root = IndexRoot(index.bytes);
  }
  footer.start = start.tree;
  return footer;
}

Result<SegmentProgress> EncodeEndBlock(const SealIntent& intent,
                                       const SegmentProgress& before,
                                       const Hash& genesis,
                                       const EndSigner& end,
                                       EncodedBlock& block, ByteVector& bytes) {
  return intent.reopens ? EncodeReopenBlock(block, before, intent.epoch, bytes)
                        : EncodeCommit({&block, 1}, before, genesis,
                                       intent.epoch, end.signer, bytes);
}

SeekTableEntry SkippableEntry(std::size_t size_bytes) {
  return {.stored_size_bytes = static_cast<std::uint32_t>(size_bytes),
          .content_size_bytes = 0};
}

Error NotTheTail(std::string_view what) {
  return {ErrorCode::kDamaged, "seal.tail: " + std::string(what),
          "keep the key directory as it is and run 'authseal verify'"};
}

// The footer's frame: behind the seal block's data and header.
Result<Bytes> FindFooterFrame(Bytes tail) {
  const auto read_at = [tail](std::uint64_t offset_bytes,
                              MutableBytes out) -> Result<std::size_t> {
    const std::size_t begin =
        std::min<std::uint64_t>(offset_bytes, tail.size());
    const std::size_t count = std::min(out.size(), tail.size() - begin);
    std::copy_n(tail.begin() + static_cast<std::ptrdiff_t>(begin), count,
                out.begin());
    return count;
  };
  std::uint64_t at_bytes = 0;
  FrameExtent extent;
  for (int frame = 0; frame < 3; ++frame) {
    at_bytes += extent.stored_size_bytes;
    TRY_ASSIGN(extent, MeasureFrame(read_at, at_bytes, tail.size()));
  }
  return tail.subspan(static_cast<std::size_t>(at_bytes),
                      static_cast<std::size_t>(extent.stored_size_bytes));
}

}  // namespace

Result<SealedTail> BuildSealedTail(const SealIntent& intent,
                                   const SegmentStart& start, ReadBack blocks,
                                   const SegmentIndexer::Index& index,
                                   const Hash& genesis, const EndSigner& end) {
  SealedTail tail;
  SegmentFooter& footer = tail.footer;
  footer = DraftFooter(intent, start, index);
  TRY_ASSIGN(EncodedBlock block, BuildSealBlock(footer, intent.chain));
  TRY_ASSIGN(
      const SegmentProgress after,
      EncodeEndBlock(intent, blocks.progress, genesis, end, block, tail.bytes));
  footer.previous = after.chain;
  footer.block_count = after.block_count;
  footer.content_size_bytes = after.content_size_bytes;
  footer.end = after.tree;
  TRY_ASSIGN(footer.signature,
             end.signer.Sign(SegmentFooterSignedMessage(genesis, footer)));
  const ByteVector footer_frame = EncodeSegmentFooter(footer);
  tail.footer_hash = Sha256Of(footer_frame);

  std::vector<SeekTableEntry> frames = std::move(blocks.frames);
  frames.push_back({.stored_size_bytes = block.header.stored_size_bytes,
                    .content_size_bytes = block.header.content_size_bytes});
  frames.push_back(SkippableEntry(tail.bytes.size() - block.frame.size()));
  frames.push_back(SkippableEntry(footer_frame.size()));
  const ByteVector table = EncodeSeekTable(frames);
  tail.bytes.insert(tail.bytes.end(), footer_frame.begin(), footer_frame.end());
  tail.bytes.insert(tail.bytes.end(), table.begin(), table.end());
  return tail;
}

Result<SealedTail> ParseSealedTail(ByteVector bytes, const SealIntent& intent,
                                   const Hash& genesis,
                                   const Ed25519PublicKey& key) {
  const auto footer_frame = FindFooterFrame(bytes);
  if (!footer_frame.has_value()) {
    return NotTheTail(footer_frame.error().message);
  }
  auto footer = DecodeSegmentFooter(*footer_frame);
  if (!footer.has_value()) {
    return NotTheTail(footer.error().message);
  }
  SealedTail tail;
  tail.footer = *std::move(footer);
  if (tail.footer.reopens != intent.reopens ||
      tail.footer.epoch != intent.epoch ||
      tail.footer.first_record != intent.segment_first_record ||
      tail.footer.end_record != intent.end_record ||
      tail.footer.next_key != intent.next_key) {
    return NotTheTail("does not belong to seal.intent");
  }
  if (!VerifyEd25519(key, SegmentFooterSignedMessage(genesis, tail.footer),
                     tail.footer.signature)) {
    return NotTheTail("its footer is not signed by the key it should be");
  }
  tail.footer_hash = Sha256Of(*footer_frame);
  tail.bytes = std::move(bytes);
  return tail;
}

}  // namespace authseal
