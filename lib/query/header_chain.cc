#include "lib/query/header_chain.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/crypto/sha256.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {

bool IsDamage(const Error& error) {
  return error.code == ErrorCode::kDamaged ||
         error.code == ErrorCode::kInvalidArgument;
}

Result<StoredHeaders> ReadHeaders(const SegmentReader& segment) {
  StoredHeaders stored;
  ByteVector frame;
  for (std::size_t block = 0; block < segment.map().blocks.size(); ++block) {
    Result<BlockHeader> header = segment.ReadHeader(block, frame);
    if (header) {
      stored.list.push_back({block, *std::move(header), Sha256Of(frame)});
    } else if (IsDamage(header.error())) {
      stored.complete = false;
    } else {
      return std::move(header).error();
    }
  }
  return stored;
}

bool RangesFold(const StoredHeaders& stored, const SegmentFooter& footer) {
  CompactRange folded = footer.start;
  for (const auto& [block, header, hash] : stored.list) {
    Result<CompactRange> range = CompactRange::FromHashes(
        header.records().first, header.records().end, header.range_hashes);
    if (!range || !folded.Append(*range)) {
      return false;
    }
  }
  return folded == footer.end;
}

bool SealRecordFolds(const StoredHeaders& stored, const SegmentFooter& footer) {
  if (stored.list.empty()) {
    return false;
  }
  const BlockHeader& seal_block = stored.list.back().header;
  return seal_block.range_hashes.size() == 1 &&
         seal_block.range_hashes[0] ==
             LeafHash(AsBytes(SealRecord(footer, seal_block.previous)));
}

bool SignedHeader(const BlockHeader& header, const Descent& descent) {
  return header.signature.has_value() && descent.epoch_key.has_value() &&
         VerifyEd25519(
             *descent.epoch_key,
             BlockHeaderSignedMessage(descent.archive.genesis, header),
             *header.signature);
}

namespace {

Finding ChainFinding(const SegmentFile& file, RecordRange records,
                     std::string text) {
  return {.kind = FindingKind::kChainBroken,
          .file = std::string(kSegmentsName) + "/" + file.name,
          .offset_bytes = std::nullopt,
          .block = std::nullopt,
          .records = records,
          .text = std::move(text)};
}

// Headers on the chain back from the footer. Commit signatures count for
// nothing here: a commit that was lost in a power cut and replaced is signed
// too. In order, disjoint.
std::vector<std::size_t> ChainedHeaders(const StoredHeaders& stored,
                                        const SegmentFooter& footer) {
  std::vector<std::size_t> chained;
  Hash expected = footer.previous;
  std::uint64_t end_record = footer.end_record;
  for (std::size_t i = stored.list.size(); i-- > 0;) {
    const BlockHeader& header = stored.list[i].header;
    if (header.first_record < footer.first_record ||
        header.records().end > end_record) {
      continue;
    }
    if (stored.list[i].hash == expected) {
      chained.push_back(i);
      expected = header.previous;
      end_record = header.first_record;
    }
  }
  std::reverse(chained.begin(), chained.end());
  return chained;
}

// Whether the whole chain leads from the footer to the first header.
bool ChainLeads(const StoredHeaders& stored, const SegmentFooter& footer) {
  Hash expected = footer.previous;
  for (std::size_t i = stored.list.size(); i-- > 0;) {
    if (stored.list[i].hash != expected) {
      return false;
    }
    expected = stored.list[i].header.previous;
  }
  return true;
}

// Records of the segment that no believed header holds.
void AddGaps(const SegmentFile& file, const SegmentFooter& footer,
             const TrustedSegment& trust, std::vector<Finding>& findings) {
  const std::size_t findings_before = findings.size();
  std::uint64_t next_record = footer.first_record;
  const auto close_gap = [&](std::uint64_t end_record) {
    if (next_record < end_record) {
      findings.push_back(
          ChainFinding(file, {next_record, end_record},
                       "no header of these records leads to the seal; they are "
                       "not shown"));
    }
  };
  for (const TrustedBlock& block : trust.blocks) {
    close_gap(block.header.first_record);
    next_record = block.header.records().end;
  }
  close_gap(footer.end_record);
  if (findings.size() == findings_before) {
    findings.push_back(ChainFinding(file, footer.records(),
                                    "there are blocks that are not part of "
                                    "the chain; they are not shown"));
  }
}

}  // namespace

void TrustHeaders(const SegmentFile& file, const SegmentFooter& footer,
                  StoredHeaders stored, TrustedSegment& trust,
                  std::vector<Finding>& findings) {
  const bool complete =
      stored.complete && stored.list.size() == footer.block_count;
  const std::vector<std::size_t> chained = ChainedHeaders(stored, footer);
  const bool all = complete && chained.size() == stored.list.size() &&
                   ChainLeads(stored, footer);
  if (!all && complete && RangesFold(stored, footer)) {
    findings.push_back(ChainFinding(file, footer.records(),
                                    "a header is not the one its successor "
                                    "names; the records still follow from "
                                    "the seal, their ingest times do not"));
    for (StoredHeader& header : stored.list) {
      trust.blocks.push_back({header.block, std::move(header.header)});
    }
    return;
  }
  for (const std::size_t i : chained) {
    trust.blocks.push_back(
        {stored.list[i].block, std::move(stored.list[i].header)});
  }
  if (!all) {
    AddGaps(file, footer, trust, findings);
  }
}

}  // namespace authseal
