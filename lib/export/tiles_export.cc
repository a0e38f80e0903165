#include "lib/export/tiles_export.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lib/export/newest_checkpoint.h"
#include "lib/export/tile_directory.h"
#include "lib/export/tile_rows.h"
#include "lib/merkle/compact_range.h"
#include "lib/query/archive_scan.h"

namespace authseal {

namespace {

// A block's records, without those that cannot be entries.
struct BlockEntries : BlockResult {
  std::uint64_t first = 0;
  std::vector<Hash> leaves;
  std::string bytes;
  std::vector<std::size_t> sizes;
};

class EntryEvaluator : public BlockEvaluator {
 public:
  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto entries = std::make_unique<BlockEntries>();
    entries->first = block.header.first_record;
    entries->leaves = block.leaves;
    for (const std::string_view record : block.records) {
      entries->sizes.push_back(record.size());
      if (record.size() <= kEntrySizeBytesMax) {
        entries->bytes += record;
      }
    }
    return entries;
  }
};

Error OtherHistory(const std::string& what) {
  return {ErrorCode::kDamaged, "--out " + what,
          "keep both; compare their checkpoints with authseal compare"};
}

class TilesExport {
 public:
  TilesExport(PublishedCheckpoint published, std::optional<Checkpoint> old,
              TileDirectory& directory)
      : published_(std::move(published)),
        old_(std::move(old)),
        put_([&directory](const std::vector<std::string>& path, Bytes bytes) {
          return directory.Put(path, bytes);
        }),
        rows_(put_),
        bundles_(put_) {}

  Status Write(const ArchiveReader& archive, const TilesOptions& options) {
    const std::uint64_t size = published_.checkpoint.size;
    const ScanOptions scan{.pin = options.pin,
                           .records = {0, size},
                           .include_unsealed = false,
                           .threads = options.threads};
    TRY_ASSIGN(
        const ScanReport report,
        ScanArchive(
            archive, scan, [] { return std::make_unique<EntryEvaluator>(); },
            [this](std::unique_ptr<BlockResult> block) {
              return Take(static_cast<BlockEntries&>(*block));
            }));
    if (!report.findings.empty() || tree_.end() != size ||
        tree_.Root() != published_.checkpoint.root) {
      return DamagedArchive(report.findings);
    }
    TRY(rows_.Finish());
    return bundles_.Finish();
  }

  TilesResult Summary() const {
    return {.tree_size = published_.checkpoint.size,
            .root = published_.checkpoint.root,
            .old_size = old_ ? old_->size : 0,
            .tiles = rows_.tiles(),
            .bundles = bundles_.bundles(),
            .too_long = bundles_.too_long(),
            .left_out = bundles_.left_out()};
  }

 private:
  // False where a block before is missing: then there is a finding.
  Result<bool> Take(const BlockEntries& block) {
    if (block.first != tree_.end()) {
      return false;
    }
    const std::uint64_t end =
        std::min(block.first + block.leaves.size(), published_.checkpoint.size);
    const auto leaves = std::span(block.leaves).first(end - block.first);
    // What was published before has to be the beginning of what is now.
    if (old_ && block.first < old_->size && old_->size <= end) {
      CompactRange tree = tree_;
      TRY(tree.Append(CompactRange::FromLeaves(
          block.first, leaves.first(old_->size - block.first))));
      if (tree.Root() != old_->root) {
        return OtherHistory("holds another history of this log");
      }
    }
    TRY(tree_.Append(CompactRange::FromLeaves(block.first, leaves)));
    TRY(TakeEntries(block, leaves));
    return true;
  }

  Status TakeEntries(const BlockEntries& block, std::span<const Hash> leaves) {
    std::string_view rest = block.bytes;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      TRY(rows_.AddLeaf(leaves[i]));
      if (block.sizes[i] > kEntrySizeBytesMax) {
        TRY(bundles_.AddTooLong());
        continue;
      }
      TRY(bundles_.AddEntry(rest.substr(0, block.sizes[i])));
      rest.remove_prefix(block.sizes[i]);
    }
    return Ok();
  }

  const PublishedCheckpoint published_;
  const std::optional<Checkpoint> old_;
  PutTile put_;
  TileRows rows_;
  EntryBundles bundles_;
  CompactRange tree_;
};

// What the directory held before; it must be of this log, and not newer.
Result<std::optional<Checkpoint>> ReadOld(const TileDirectory& directory,
                                          const PublishedCheckpoint& published,
                                          const VerificationKey& key) {
  if (!directory.checkpoint()) {
    return std::optional<Checkpoint>();
  }
  const Result<SignedNote> note = ParseSignedNote(*directory.checkpoint());
  if (!note || VerifySignedNote(*note, key) != NoteVerdict::kVerified) {
    return OtherHistory("holds a checkpoint that " + key.name +
                        "'s key did not sign");
  }
  TRY_ASSIGN(Checkpoint old, ParseCheckpointText(note->text));
  if (old.origin != published.checkpoint.origin) {
    return OtherHistory("is the log " + old.origin);
  }
  if (old.size > published.checkpoint.size) {
    return OtherHistory("has " + std::to_string(old.size) +
                        " records already, this archive publishes " +
                        std::to_string(published.checkpoint.size) +
                        ": it is an older copy, or its end is missing");
  }
  return std::optional(std::move(old));
}

}  // namespace

Result<TilesResult> WriteTiles(FileSystem& file_system,
                               const ArchiveReader& archive,
                               const TilesOptions& options) {
  TRY_ASSIGN(PublishedCheckpoint published,
             ReadNewestCheckpoint(archive, options.pin));
  TRY_ASSIGN(const std::string note, WithCosignatures(archive, published));
  TRY_ASSIGN(TileDirectory directory,
             TileDirectory::Open(file_system, options.out_path));
  TRY_ASSIGN(std::optional<Checkpoint> old,
             ReadOld(directory, published, *options.pin.key));
  TilesExport tiles(std::move(published), std::move(old), directory);
  TRY(tiles.Write(archive, options));
  TRY(directory.Finish(note));
  return tiles.Summary();
}

}  // namespace authseal
