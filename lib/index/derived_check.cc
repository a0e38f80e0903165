#include "lib/index/derived_check.h"

#include <memory>
#include <optional>
#include <utility>

#include "lib/archive/segment_footer.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/ordered_workers.h"
#include "lib/index/index_reader.h"
#include "lib/index/segment_index_builder.h"

namespace authseal {
namespace {

bool CouldNotLook(const Error& error) {
  return error.code == ErrorCode::kIo || error.code == ErrorCode::kTemporary;
}

struct MadePart {
  BlockHeader header;
  std::shared_ptr<const BlockIndexPart> part;  // null: the block is damaged
};

// What one thread keeps from block to block.
struct Worker {
  explicit Worker(const IndexRules& rules) : maker(rules) {}
  BlockIndexPartMaker maker;
  BlockDecoder decoder;
  ByteVector header_frame;
  ByteVector stored;
};

Result<MadePart> MakePart(const SegmentReader& segment, std::size_t block,
                          Worker& worker) {
  MadePart made;
  auto header = segment.ReadHeader(block, worker.header_frame);
  if (!header.has_value()) {
    return CouldNotLook(header.error()) ? Result<MadePart>(header.error())
                                        : made;
  }
  made.header = *std::move(header);
  const Status read = segment.Read(segment.map().blocks[block].data,
                                   kBlockStoredSizeBytesMax, worker.stored);
  if (!read.has_value() && CouldNotLook(read.error())) {
    return read.error();
  }
  if (read.has_value() && worker.decoder.Decode(worker.stored, made.header) ==
                              BlockDecoder::Fault::kNone) {
    made.part =
        worker.maker.Make(made.header.ingest_first, worker.decoder.records());
  }
  return made;
}

class DerivedChecker {
 public:
  DerivedChecker(const ArchiveReader& archive, const IndexRules& rules,
                 unsigned threads)
      : archive_(archive), rules_(rules) {
    for (unsigned i = 0; i < (threads == 0 ? 1 : threads); ++i) {
      workers_.push_back(std::make_unique<Worker>(rules));
    }
  }

  Result<DerivedCheck> Run() {
    TRY_ASSIGN(const ArchiveListing listing, archive_.List());
    for (const SegmentFile& file : listing.segments) {
      Status checked = file.sealed ? CheckSegment(file) : Ok();
      if (!checked.has_value()) {
        return std::move(checked).error().With(file.name);
      }
    }
    return std::move(check_);
  }

 private:
  Status CheckSegment(const SegmentFile& file) {
    auto segment = archive_.OpenSegment(file);
    if (!segment.has_value()) {
      return CouldNotLook(segment.error()) ? segment.error() : Ok();
    }
    ByteVector frame;
    const auto footer = segment->ReadFooter(frame);
    if (!footer.has_value()) {
      return CouldNotLook(footer.error()) ? footer.error() : Ok();
    }
    if (footer->index_kind == 0) {
      return Ok();
    }
    TRY_ASSIGN(const bool comparable, IsComparable(*footer));
    if (!comparable) {
      return Ok();
    }
    TRY_ASSIGN(const auto index, Rebuild(*segment));
    if (!index.has_value()) {
      return NotChecked(*footer, "its segment is damaged");
    }
    if (index->bytes.size() == footer->index_size_bytes &&
        IndexRoot(index->bytes) == footer->index_root) {
      ++check_.indexes_ok;
      return Ok();
    }
    check_.findings.push_back(
        {FindingKind::kIndexMismatch, PathOf(*footer), std::nullopt,
         std::nullopt, footer->records(),
         "the index is the one that the footer names, but not what the "
         "records make: it may hide some of them from queries"});
    return Ok();
  }

  // Whether the index is there as signed, and made with the same rules.
  Result<bool> IsComparable(const SegmentFooter& footer) {
    if (footer.index_kind != kSearchIndexKind) {
      TRY(NotChecked(footer, "it is of a kind not known here"));
      return false;
    }
    auto file = archive_.segments().OpenRead(IndexName(footer.first_record));
    if (!file.has_value()) {
      return CouldNotLook(file.error()) ? Result<bool>(file.error()) : false;
    }
    auto index = IndexReader::Open(*std::move(file), footer);
    if (!index.has_value()) {
      return CouldNotLook(index.error()) ? Result<bool>(index.error()) : false;
    }
    if (index->header().mapping_id != rules_.mapping_id) {
      TRY(NotChecked(footer,
                     "it was made with other mappings than this program has"));
      return false;
    }
    return true;
  }

  // Empty when a block is damaged.
  Result<std::optional<SegmentIndexer::Index>> Rebuild(
      const SegmentReader& segment) {
    const std::size_t blocks = segment.map().blocks.size();
    if (blocks == 0) {
      return std::optional<SegmentIndexer::Index>();
    }
    SegmentIndexBuilder builder(rules_);
    builder.BeginSegment();
    bool whole = true;
    // Without the seal block, which is the last one.
    TRY(OrderedWorkers<MadePart>::Run(
        blocks - 1, static_cast<unsigned>(workers_.size()),
        [&](std::size_t worker, std::size_t block) {
          return MakePart(segment, block, *workers_[worker]);
        },
        [&](std::size_t /*block*/, MadePart made) -> Result<bool> {
          whole = made.part != nullptr;
          if (!whole) {
            return false;
          }
          Status added = builder.AddPart(made.header, std::move(made.part));
          return added.has_value() ? Result<bool>(true) : added.error();
        }));
    if (!whole) {
      return std::optional<SegmentIndexer::Index>();
    }
    TRY_ASSIGN(SegmentIndexer::Index index, builder.Finish());
    return std::optional(std::move(index));
  }

  static std::string PathOf(const SegmentFooter& footer) {
    return std::string(kSegmentsName) + "/" + IndexName(footer.first_record);
  }
  Status NotChecked(const SegmentFooter& footer, std::string_view why) {
    check_.not_checked.push_back("what " + PathOf(footer) +
                                 " says: " + std::string(why));
    return Ok();
  }

  const ArchiveReader& archive_;
  const IndexRules& rules_;
  std::vector<std::unique_ptr<Worker>> workers_;
  DerivedCheck check_;
};

}  // namespace

Result<DerivedCheck> CheckDerivedIndexes(const ArchiveReader& archive,
                                         const IndexRules& rules,
                                         unsigned threads) {
  return DerivedChecker(archive, rules, threads).Run();
}

}  // namespace authseal
