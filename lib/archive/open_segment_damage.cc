#include "lib/archive/open_segment_damage.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/header_search.h"
#include "lib/archive/read_back.h"

namespace authseal {
namespace {

constexpr std::string_view kUnsignedFault = "no signature leads to its header";

void AppendRange(const RecordRange& range, std::vector<RecordRange>& ranges) {
  if (range.empty()) {
    return;
  }
  if (!ranges.empty() && ranges.back().end == range.first) {
    ranges.back().end = range.end;
  } else {
    ranges.push_back(range);
  }
}

bool Verifies(const BlockHeader& header, const SegmentTrust& trust) {
  return header.signature.has_value() &&
         VerifyEd25519(trust.epoch_key,
                       BlockHeaderSignedMessage(trust.genesis, header),
                       *header.signature);
}

// Headers behind the valid end that may be this epoch's, in order, and the
// hash of each frame.
struct Remains {
  std::vector<BlockRemains> blocks;
  std::vector<Hash> hashes;
};

Result<Remains> FindBlocks(const SegmentReader& segment,
                           const SegmentStart& start,
                           const SegmentProgress& valid) {
  Remains remains;
  HeaderSearch search(segment, valid.size_bytes);
  std::uint64_t next_record = valid.next_record();
  std::uint64_t end_bytes = valid.size_bytes;
  while (true) {
    TRY_ASSIGN(auto found, search.Next());
    if (!found.has_value()) {
      return remains;
    }
    BlockHeader& header = found->header;
    const std::uint64_t begin_bytes =
        found->end_bytes - EncodeBlockHeader(header).size();
    const std::uint32_t data_size_bytes = header.stored_size_bytes;
    if (header.epoch != start.epoch || header.first_record < next_record ||
        begin_bytes < end_bytes + data_size_bytes) {
      continue;  // another epoch's, or one that lies within another's data
    }
    next_record = header.records().end;
    end_bytes = found->end_bytes;
    remains.hashes.push_back(found->hash);
    remains.blocks.push_back(
        {.header = std::move(header),
         .data = {begin_bytes - data_size_bytes, data_size_bytes},
         .intact = false,
         .fault = {}});
  }
}

// A header is what was signed when its own signature verifies, or when such a
// one behind it names its hash.
void Bind(const SegmentTrust& trust, Remains& remains) {
  std::optional<Hash> named;
  for (std::size_t i = remains.blocks.size(); i-- > 0;) {
    BlockRemains& block = remains.blocks[i];
    block.intact = (named.has_value() && *named == remains.hashes[i]) ||
                   Verifies(block.header, trust);
    if (!block.intact) {
      block.fault = kUnsignedFault;
    }
    named = block.intact ? std::optional(block.header.previous) : std::nullopt;
  }
}

Status CheckData(const SegmentReader& segment, Remains& remains) {
  BlockDecoder decoder;
  ByteVector data;
  for (BlockRemains& block : remains.blocks) {
    if (!block.intact) {
      continue;
    }
    TRY(segment.Read(block.data, kBlockStoredSizeBytesMax, data));
    const BlockDecoder::Fault fault = decoder.Decode(data, block.header);
    block.intact = fault == BlockDecoder::Fault::kNone;
    block.fault = BlockFaultText(fault);
  }
  return Ok();
}

}  // namespace

std::uint64_t OpenSegmentDamage::end_record() const {
  std::uint64_t end = valid.next_record();
  for (const BlockRemains& block : blocks) {
    // One that nothing vouches for says nothing about numbers either.
    if (block.intact || block.fault != kUnsignedFault) {
      end = block.header.records().end;
    }
  }
  return end;
}

std::vector<RecordRange> OpenSegmentDamage::IntactRecords() const {
  std::vector<RecordRange> ranges;
  for (const BlockRemains& block : blocks) {
    if (block.intact) {
      AppendRange(block.header.records(), ranges);
    }
  }
  return ranges;
}

std::vector<RecordRange> OpenSegmentDamage::LostRecords() const {
  std::vector<RecordRange> ranges;
  std::uint64_t next_record = valid.next_record();
  for (const RecordRange& intact : IntactRecords()) {
    AppendRange({next_record, intact.first}, ranges);
    next_record = intact.end;
  }
  AppendRange({next_record, end_record()}, ranges);
  return ranges;
}

RecordRange OpenSegmentDamage::PerhapsLostRecords() const {
  const std::uint64_t first = end_record();
  const std::uint64_t end =
      blocks.empty() ? 0 : blocks.back().header.records().end;
  return {first, std::max(first, end)};
}

std::uint64_t OpenSegmentDamage::silent_size_bytes() const {
  if (blocks.empty()) {
    return rest_size_bytes();
  }
  const BlockRemains& last = blocks.back();
  return file_size_bytes - last.data.offset_bytes - last.data.size_bytes -
         EncodeBlockHeader(last.header).size();
}

Result<OpenSegmentDamage> ExamineOpenSegment(const Directory& segments,
                                             std::string_view name,
                                             const SegmentStart& start,
                                             const SegmentTrust& trust) {
  OpenSegmentDamage damage;
  damage.segment_name = name;
  damage.valid = ProgressAt(start);
  const auto back =
      ReadBackSegment(segments, name, start, trust, nullptr, 1, &damage.valid);
  if (!back.has_value() && back.error().code != ErrorCode::kDamaged) {
    return back.error();
  }
  TRY_ASSIGN(auto file, segments.OpenRead(name));
  TRY_ASSIGN(const SegmentReader segment,
             SegmentReader::Open(std::move(file), false));
  damage.file_size_bytes = segment.map().file_size_bytes;
  if (back.has_value()) {
    return damage;
  }
  damage.fault = back.error().message;
  TRY_ASSIGN(Remains remains, FindBlocks(segment, start, damage.valid));
  Bind(trust, remains);
  TRY(CheckData(segment, remains));
  damage.blocks = std::move(remains.blocks);
  return damage;
}

}  // namespace authseal
