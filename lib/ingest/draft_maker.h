// One chunk of lines becomes one draft of a block, or a few. The first half of
// a worker's job; needs no record number.
#ifndef AUTHSEAL_INGEST_DRAFT_MAKER_H_
#define AUTHSEAL_INGEST_DRAFT_MAKER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/block_builder.h"
#include "lib/event/mapper.h"
#include "lib/index/block_index_part.h"
#include "lib/ingest/raw_chunk.h"
#include "lib/ingest/record_maker.h"

namespace authseal {

// A line that is (or, when strict, would be) kept unparsed.
struct UnparsedLine {
  std::string source;
  std::uint64_t line_number = 0;   // from 1, since reading the source began
  std::uint64_t offset_bytes = 0;  // of the source, behind the line
  UnparsedReason reason = UnparsedReason::kNotJson;
};

inline constexpr std::size_t kUnparsedDetailsMax = 10;

struct SourceProgress {
  std::size_t source_index = 0;
  std::uint64_t end_bytes = 0;
};

struct ChunkRecords {
  std::vector<BlockDraft> drafts;  // the first draft_count count
  // One a draft, where an index is made; else empty.
  std::vector<std::shared_ptr<const IndexPart>> index_parts;
  std::size_t draft_count = 0;
  std::uint64_t record_count = 0;
  std::uint64_t unparsed_count = 0;  // lines, not parts
  std::uint64_t scrubbed_count = 0;
  std::vector<UnparsedLine> unparsed;  // the first kUnparsedDetailsMax
  std::vector<SourceProgress> progress;
  std::optional<UnparsedLine> stopped_at;  // strict: nothing from here on
  // Then: what of the chunk was taken before.
  std::uint64_t line_count_before_stop = 0;
  std::uint64_t bytes_before_stop = 0;
};

// One a thread.
class DraftMaker {
 public:
  struct Options {
    std::string provider;               // empty: recognise
    bool strict = false;                // stop before a line that is no object
    const IndexRules* index = nullptr;  // borrowed; none: no index
  };
  // `mapper` is borrowed.
  DraftMaker(const EventMapper& mapper, const Options& options);

  // Replaces `out`; its buffers are reused.
  void Make(const RawChunk& chunk, ChunkRecords& out);

 private:
  void MakeDrafts(const RawChunk& chunk, ChunkRecords& out);
  bool AddLine(const RawChunk& chunk, const SourceSlice& slice,
               const DeliveredLine& line, ChunkRecords& out);
  void AddParts(const RawChunk& chunk, const SourceSlice& slice,
                const DeliveredLine& line, ChunkRecords& out);
  bool NoteUnparsed(const SourceSlice& slice, const DeliveredLine& line,
                    UnparsedReason reason, ChunkRecords& out) const;
  void Append(const RawChunk& chunk, const SourceSlice& slice, MadeRecord& made,
              ChunkRecords& out);
  static void CountBeforeStop(const RawChunk& chunk, const SourceSlice& stopped,
                              ChunkRecords& out);
  void CloseRange(const RawChunk& chunk, const SourceSlice& slice,
                  ChunkRecords& out);
  void NextDraft(const RawChunk& chunk, ChunkRecords& out);
  void TakeIndexPart(ChunkRecords& out);

  RecordMaker record_maker_;
  std::optional<BlockIndexPartMaker> index_part_maker_;
  bool strict_;
  // Of the range that is being filled, in the last draft.
  std::uint32_t range_first_ = 0;
  std::uint64_t range_begin_bytes_ = 0;
  std::uint64_t range_end_bytes_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_DRAFT_MAKER_H_
