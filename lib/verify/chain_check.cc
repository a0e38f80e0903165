#include "lib/verify/chain_check.h"

namespace authseal {

void BindHeaders(std::span<BlockSummary> blocks,
                 const std::optional<Hash>& last, CommitSignatures commits) {
  std::optional<Hash> named = last;
  for (std::size_t i = blocks.size(); i > 0; --i) {
    BlockSummary& block = blocks[i - 1];
    block.bound = block.header_decoded &&
                  (block.bound ||
                   (commits == CommitSignatures::kBind &&
                    block.signature == SignatureState::kValid) ||
                   (named.has_value() && *named == block.header_hash));
    named = block.bound ? std::optional(block.previous) : std::nullopt;
  }
}

void CheckChain(const ChainEnds& ends, BlockSequence& sequence) {
  const std::vector<BlockSummary>& blocks = sequence.blocks();
  const auto report = [&sequence, &blocks](std::size_t block,
                                           std::string text) {
    sequence.Report(FindingKind::kChainBroken, block,
                    blocks[block].header.offset_bytes, std::move(text));
  };
  if (blocks.empty()) {
    return;
  }
  // Across a gap nothing is said: what stood there is missing.
  if (ends.before.has_value() && blocks.front().header_decoded &&
      blocks.front().data.offset_bytes == 0 &&
      blocks.front().previous != *ends.before) {
    report(0, "the first header does not name what stands before its segment");
  }
  for (std::size_t i = 1; i < blocks.size(); ++i) {
    const BlockSummary& left = blocks[i - 1];
    const BlockSummary& right = blocks[i];
    if (!left.header_decoded || !right.header_decoded ||
        left.header.end_bytes() != right.data.offset_bytes ||
        right.previous == left.header_hash) {
      continue;
    }
    if (right.bound && !left.bound) {
      report(i - 1, "the header is not the one that the next block names");
    } else {
      report(i, "the header names another one than stands before it");
    }
  }
  const BlockSummary& last = blocks.back();
  if (ends.last.has_value() && last.header_decoded &&
      last.header_hash != *ends.last) {
    report(blocks.size() - 1, "the header is not the one that the seal names");
  }
}

}  // namespace authseal
