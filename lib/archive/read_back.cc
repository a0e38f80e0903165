#include "lib/archive/read_back.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/ordered_workers.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

// What the device is asked for at a time, so many before they are needed: some
// hundred KiB each.
constexpr std::size_t kBlocksAhead = 16;

Error Mismatch(std::string_view name, std::string_view what) {
  return {ErrorCode::kDamaged,
          "seal-readback-mismatch: segments/" + std::string(name) + ": " +
              std::string(what),
          "nothing was sealed; check the disk and memory of this machine, "
          "then see what 'authseal recover' can save"};
}

// Checks a header against what came before it; what is in its own block is
// the BlockDecoder's part.
std::string_view HeaderFault(const BlockHeader& header,
                             const SegmentStart& start,
                             const SegmentProgress& before,
                             const SegmentTrust& trust) {
  if (header.epoch != start.epoch) {
    return "another epoch";
  }
  if (header.first_record != before.next_record()) {
    return "another first record";
  }
  if (header.previous != before.chain) {
    return "the chain is broken";
  }
  if (header.signature.has_value() &&
      !VerifyEd25519(trust.epoch_key,
                     BlockHeaderSignedMessage(trust.genesis, header),
                     *header.signature)) {
    return "the signature does not verify";
  }
  return "";
}

// What one block says by itself, whichever thread looked.
struct ReadBlock {
  BlockHeader header;
  Hash header_hash;
  std::string fault;  // empty: the block is what its header says
  CompactRange range;
  // The records, or what was made of them.
  std::unique_ptr<BlockDecoder> decoder;
  std::shared_ptr<const IndexPart> part;
};

// Decoders that wait for their next block.
class DecoderPool {
 public:
  std::unique_ptr<BlockDecoder> Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (free_.empty()) {
      return std::make_unique<BlockDecoder>();
    }
    std::unique_ptr<BlockDecoder> decoder = std::move(free_.back());
    free_.pop_back();
    return decoder;
  }
  void Return(std::unique_ptr<BlockDecoder> decoder) {
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(decoder));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<BlockDecoder>> free_;
};

// From the first frame of `first` to the last one of `last`.
void WillRead(const SegmentReader& segment, std::size_t first,
              std::size_t last) {
  const std::vector<BlockExtent>& blocks = segment.map().blocks;
  if (first < blocks.size()) {
    const std::uint64_t begin = blocks[first].data.offset_bytes;
    const BlockExtent& end = blocks[std::min(last, blocks.size() - 1)];
    segment.file().WillRead(begin, end.header.end_bytes() - begin);
  }
}

// What one thread keeps from block to block.
struct Worker {
  std::unique_ptr<SegmentIndexer::PartMaker> part_maker;  // may be null
  ByteVector frame;
};

Result<ReadBlock> ReadOneBlock(const SegmentReader& segment, std::size_t block,
                               DecoderPool& decoders, Worker& worker) {
  ReadBlock read;
  ByteVector& frame = worker.frame;
  if (block % kBlocksAhead == 0) {
    WillRead(segment, block + kBlocksAhead, block + 2 * kBlocksAhead - 1);
  }
  auto header = segment.ReadHeader(block, frame);
  if (!header.has_value()) {
    if (header.error().code != ErrorCode::kDamaged) {
      return std::move(header).error();
    }
    read.fault = header.error().message;
    return read;
  }
  read.header = *std::move(header);
  read.header_hash = Sha256Of(frame);
  TRY(segment.Read(segment.map().blocks[block].data, kBlockStoredSizeBytesMax,
                   frame));
  read.decoder = decoders.Take();
  read.fault = BlockFaultText(read.decoder->Decode(frame, read.header));
  read.range = read.decoder->range();
  if (worker.part_maker != nullptr) {
    if (read.fault.empty()) {
      TRY_ASSIGN(read.part,
                 worker.part_maker->Make(read.header, read.decoder->records()));
    }
    decoders.Return(std::move(read.decoder));
  }
  return read;
}

// Puts the blocks together, in order.
class SegmentReadBack {
 public:
  SegmentReadBack(const SegmentReader& segment, std::string_view name,
                  const SegmentStart& start, const SegmentTrust& trust,
                  BlockSink* sink, SegmentProgress* valid)
      : segment_(segment),
        name_(name),
        start_(start),
        trust_(trust),
        sink_(sink),
        valid_(valid) {
    back_.progress = ProgressAt(start);
  }

  Result<ReadBack> Run(unsigned threads) {
    std::vector<Worker> workers(std::max(threads, 1u));
    if (sink_ != nullptr) {
      for (Worker& worker : workers) {
        worker.part_maker = sink_->NewPartMaker();
      }
    }
    WillRead(segment_, 0, kBlocksAhead - 1);
    TRY(OrderedWorkers<ReadBlock>::Run(
        segment_.map().blocks.size(), threads,
        [&](std::size_t worker, std::size_t block) {
          return ReadOneBlock(segment_, block, decoders_, workers[worker]);
        },
        [this](std::size_t block, ReadBlock read) {
          return Take(block, std::move(read));
        }));
    if (unsigned_count_ > 0) {
      return Mismatch(name_, "the last header is not signed");
    }
    return std::move(back_);
  }

 private:
  Result<bool> Take(std::size_t block, ReadBlock read) {
    std::string what = std::move(read.fault);
    if (what.empty()) {
      what = HeaderFault(read.header, start_, back_.progress, trust_);
    }
    unsigned_count_ =
        read.header.signature.has_value() ? 0 : unsigned_count_ + 1;
    if (unsigned_count_ >= kCommitBlocksMax) {
      what = "too many blocks without a signature";
    }
    if (!what.empty()) {
      return Mismatch(std::string(name_) + ", block " + std::to_string(block),
                      what);
    }
    if (read.part != nullptr) {
      TRY(sink_->TakePart(read.header, std::move(read.part)));
    } else {
      if (sink_ != nullptr) {
        TRY(sink_->Take(read.header, read.decoder->records()));
      }
      decoders_.Return(std::move(read.decoder));
    }
    TRY(Advance(read, segment_.map().blocks[block]));
    if (valid_ != nullptr && unsigned_count_ == 0) {
      *valid_ = back_.progress;
    }
    return true;
  }

  Status Advance(const ReadBlock& read, const BlockExtent& extent) {
    SegmentProgress& progress = back_.progress;
    TRY(progress.tree.Append(read.range));
    progress.chain = read.header_hash;
    if (!progress.begin_time.has_value()) {
      progress.begin_time = read.header.ingest_first;
    }
    ++progress.block_count;
    progress.content_size_bytes += read.header.content_size_bytes;
    progress.size_bytes = extent.header.end_bytes();
    back_.frames.push_back(
        {.stored_size_bytes =
             static_cast<std::uint32_t>(extent.data.size_bytes),
         .content_size_bytes = read.header.content_size_bytes});
    back_.frames.push_back({.stored_size_bytes = static_cast<std::uint32_t>(
                                extent.header.size_bytes),
                            .content_size_bytes = 0});
    return Ok();
  }

  const SegmentReader& segment_;
  std::string_view name_;
  const SegmentStart& start_;
  const SegmentTrust& trust_;
  BlockSink* sink_;
  SegmentProgress* valid_;
  DecoderPool decoders_;
  std::size_t unsigned_count_ = 0;
  ReadBack back_;
};

}  // namespace

std::string_view BlockFaultText(BlockDecoder::Fault fault) {
  switch (fault) {
    case BlockDecoder::Fault::kNone:
      break;
    case BlockDecoder::Fault::kStoredHash:
      return "stored bytes differ from their hash";
    case BlockDecoder::Fault::kFrame:
      return "the data frame does not decompress";
    case BlockDecoder::Fault::kCount:
      return "another number of records";
    case BlockDecoder::Fault::kLeaf:
      return "records differ from their compact range";
    case BlockDecoder::Fault::kMarks:
      return "marks do not follow from the records";
  }
  return "";
}

Result<ReadBack> ReadBackSegment(const Directory& segments,
                                 std::string_view name,
                                 const SegmentStart& start,
                                 const SegmentTrust& trust, BlockSink* sink,
                                 unsigned threads, SegmentProgress* valid) {
  TRY_ASSIGN(auto file, segments.OpenRead(name));
  // Where the frames are may come from the cache: each is then read from the
  // device at that place, and hashed whole.
  TRY_ASSIGN(const SegmentReader segment,
             SegmentReader::Open(std::move(file), false));
  TRY(segment.file().DropCache());
  TRY_ASSIGN(
      ReadBack back,
      SegmentReadBack(segment, name, start, trust, sink, valid).Run(threads));
  if (segment.map().tiled_end_bytes != segment.map().file_size_bytes) {
    return Mismatch(name, "its frames do not tile it");
  }
  return back;
}

}  // namespace authseal
