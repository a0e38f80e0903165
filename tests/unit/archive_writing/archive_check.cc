// ReadAndCheck(): a small verifier, made of the readers alone.
#include <utility>

#include "lib/archive/archive_reader.h"
#include "lib/archive/format.h"
#include "lib/compress/seek_table.h"
#include "lib/crypto/sha256.h"
#include "lib/note/checkpoint.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

Status Require(bool condition, std::string_view what) {
  return condition ? Ok()
                   : Status(Error{ErrorCode::kDamaged, std::string(what)});
}

class Checker {
 public:
  explicit Checker(const ArchiveReader& archive)
      : archive_(archive),
        key_(archive.note().first_epoch_key),
        chain_(archive.genesis()) {}

  Result<CheckedArchive> Run() {
    TRY_ASSIGN(const ArchiveListing listing, archive_.List());
    TRY(Require(listing.unexpected.empty(), "unexpected files"));
    for (const SegmentFile& segment : listing.segments) {
      const Status status = CheckSegment(segment);
      if (!status.has_value()) {
        return Error(status.error()).With(segment.name);
      }
    }
    for (const std::uint64_t size : listing.checkpoints) {
      TRY(CheckCheckpoint(size));
    }
    TRY(Require(listing.indexes == indexes_, "indexes are not the expected"));
    checked_.checkpoints = listing.checkpoints;
    checked_.root = tree_.Root();
    return std::move(checked_);
  }

 private:
  Status CheckSegment(const SegmentFile& segment) {
    TRY(Require(segment.first_record == tree_.end(), "first record"));
    TRY_ASSIGN(const SegmentReader reader, archive_.OpenSegment(segment));
    const SegmentMap& map = reader.map();
    TRY(Require(map.tiled_end_bytes == map.file_size_bytes, "tiling"));
    TRY(Require(!map.blocks.empty(), "a segment without blocks"));
    frames_.clear();
    start_ = tree_;
    content_size_bytes_ = 0;
    for (std::size_t block = 0; block < map.blocks.size(); ++block) {
      const Status status = CheckBlock(reader, block);
      if (!status.has_value()) {
        return Error(status.error()).With("block " + std::to_string(block));
      }
    }
    TRY(Require(unsigned_count_ == 0, "the last header is not signed"));
    return segment.sealed ? CheckSeal(reader) : Ok();
  }

  Status CheckBlock(const SegmentReader& reader, std::size_t block) {
    ByteVector frame;
    ByteVector data;
    const BlockExtent& extent = reader.map().blocks[block];
    TRY_ASSIGN(const BlockHeader header, reader.ReadHeader(block, frame));
    TRY(reader.Read(extent.data, kBlockStoredSizeBytesMax, data));
    TRY(Require(header.epoch == epoch_, "epoch"));
    TRY(Require(header.first_record == tree_.end(), "record numbers"));
    TRY(Require(header.previous == chain_, "chain"));
    TRY(Require(decoder_.Decode(data, header) == BlockDecoder::Fault::kNone,
                "content"));
    unsigned_count_ = header.signature.has_value() ? 0 : unsigned_count_ + 1;
    TRY(Require(unsigned_count_ < kCommitBlocksMax, "unsigned headers"));
    TRY(Require(
        !header.signature.has_value() ||
            VerifyEd25519(key_,
                          BlockHeaderSignedMessage(archive_.genesis(), header),
                          *header.signature),
        "header signature"));
    TRY(tree_.Append(decoder_.range()));
    before_last_chain_ = chain_;
    chain_ = Sha256Of(frame);
    content_size_bytes_ += header.content_size_bytes;
    frames_.push_back({static_cast<std::uint32_t>(extent.data.size_bytes),
                       header.content_size_bytes});
    frames_.push_back(
        {static_cast<std::uint32_t>(extent.header.size_bytes), 0});
    for (const std::string_view record : decoder_.records()) {
      checked_.records.emplace_back(record);
    }
    checked_.headers.push_back(header);
    return Ok();
  }

  Status CheckSeal(const SegmentReader& reader) {
    ByteVector frame;
    TRY_ASSIGN(SegmentFooter footer, reader.ReadFooter(frame));
    TRY(Require(
        VerifyEd25519(key_,
                      SegmentFooterSignedMessage(archive_.genesis(), footer),
                      footer.signature),
        "footer signature"));
    TRY(Require(footer.epoch == epoch_ && footer.previous == chain_ &&
                    footer.start == start_ && footer.end == tree_ &&
                    footer.first_record == start_.end() &&
                    footer.end_record == tree_.end() &&
                    footer.block_count == reader.map().blocks.size() &&
                    footer.content_size_bytes == content_size_bytes_,
                "footer sums"));
    TRY(Require(
        checked_.headers.back().record_count == 1 &&
            checked_.headers.back().sources.empty() &&
            checked_.records.back() == SealRecord(footer, before_last_chain_),
        "seal record"));
    TRY(CheckIndex(footer));
    ByteVector table;
    frames_.push_back({static_cast<std::uint32_t>(frame.size()), 0});
    TRY(reader.Read(*reader.map().seek_table, 4u << 20, table));
    TRY(Require(table == EncodeSeekTable(frames_), "seek table"));
    key_ = footer.next_key;
    chain_ = Sha256Of(frame);
    ++epoch_;
    checked_.sealed_end = footer.end_record;
    checked_.footers.push_back(std::move(footer));
    return Ok();
  }

  Status CheckIndex(const SegmentFooter& footer) {
    if (footer.index_kind == 0) {
      return Ok();
    }
    indexes_.push_back(footer.first_record);
    TRY_ASSIGN(const ByteVector index,
               archive_.ReadIndex(footer.first_record, 1u << 20));
    return Require(index.size() == footer.index_size_bytes &&
                       IndexRoot(index) == footer.index_root,
                   "index");
  }

  Status CheckCheckpoint(std::uint64_t size) {
    TRY_ASSIGN(const std::string text, archive_.ReadCheckpoint(size));
    TRY_ASSIGN(const SignedNote note, ParseSignedNote(text));
    TRY_ASSIGN(const Checkpoint checkpoint, ParseCheckpointText(note.text));
    for (const SegmentFooter& footer : checked_.footers) {
      if (footer.end_record == size) {
        return Require(checkpoint.size == size &&
                           checkpoint.root == footer.end.Root() &&
                           checkpoint.origin == archive_.note().origin,
                       "checkpoint");
      }
    }
    return Require(false, "a checkpoint of no sealed size");
  }

  const ArchiveReader& archive_;
  CheckedArchive checked_;
  Ed25519PublicKey key_;
  Hash chain_;
  Hash before_last_chain_;
  std::uint64_t epoch_ = 0;
  CompactRange tree_;
  CompactRange start_;
  std::uint64_t content_size_bytes_ = 0;
  std::size_t unsigned_count_ = 0;
  std::vector<SeekTableEntry> frames_;
  std::vector<std::uint64_t> indexes_;
  BlockDecoder decoder_;
};

}  // namespace

Result<CheckedArchive> ReadAndCheck(FileSystem& file_system) {
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(file_system, kTestArchive));
  return Checker(archive).Run();
}

}  // namespace authseal
