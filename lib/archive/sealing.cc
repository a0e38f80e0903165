#include "lib/archive/sealing.h"

#include <memory>
#include <utility>

#include "lib/archive/durable_copy.h"
#include "lib/archive/layout.h"
#include "lib/archive/read_back.h"
#include "lib/crypto/ed25519_signer.h"

namespace authseal {
namespace {

// Hands blocks on to an indexer.
class IndexSink : public BlockSink {
 public:
  explicit IndexSink(SegmentIndexer& indexer) : indexer_(indexer) {}
  Status Take(const BlockHeader& header,
              const std::vector<std::string_view>& records) override {
    return indexer_.AddBlock(header, records);
  }
  std::unique_ptr<SegmentIndexer::PartMaker> NewPartMaker() override {
    return indexer_.NewPartMaker();
  }
  Status TakePart(const BlockHeader& header,
                  std::shared_ptr<const IndexPart> part) override {
    return indexer_.AddMadePart(header, std::move(part));
  }

 private:
  SegmentIndexer& indexer_;
};

struct ReadBackAndIndex {
  ReadBack blocks;
  SegmentIndexer::Index index;
};

Result<ReadBackAndIndex> ReadBackAndBuildIndex(const SealPlace& place,
                                               const Ed25519PublicKey& key,
                                               const OpenSegment& open) {
  ReadBackAndIndex made;
  made.blocks.progress = ProgressAt(open.start());
  if (place.indexer != nullptr) {
    place.indexer->UseStored(place.stored_parts);
    place.indexer->BeginSegment();
  }
  if (open.exists()) {
    const SegmentTrust trust = {.genesis = place.genesis, .epoch_key = key};
    if (place.indexer == nullptr) {
      TRY_ASSIGN(made.blocks,
                 ReadBackSegment(place.segments, open.name(), open.start(),
                                 trust, nullptr, place.threads));
    } else {
      IndexSink sink(*place.indexer);
      TRY_ASSIGN(made.blocks,
                 ReadBackSegment(place.segments, open.name(), open.start(),
                                 trust, &sink, place.threads));
    }
  }
  if (place.indexer != nullptr) {
    TRY_ASSIGN(made.index, place.indexer->Finish());
  }
  return made;
}

Status CheckIsIntended(const SealIntent& intent, const SegmentStart& start,
                       const SegmentProgress& blocks) {
  if (intent.epoch == start.epoch &&
      intent.segment_first_record == start.first_record &&
      intent.base_size_bytes == blocks.size_bytes &&
      intent.chain == blocks.chain &&
      intent.end_record == blocks.next_record() + 1) {
    return Ok();
  }
  return Error{ErrorCode::kDamaged,
               "seal-readback-mismatch: the open segment is not the one that "
               "seal.intent names",
               "nothing was sealed; run 'authseal verify'"};
}

// The index appears when, and only when, the footer will name one.
Status WriteIndex(Directory& segments, std::uint64_t first_record,
                  const SegmentIndexer::Index& index) {
  const std::string name = IndexName(first_record);
  if (index.kind != 0) {
    return WriteFileDurably(segments, name, index.bytes, kWrittenOnceMode);
  }
  const Status removed = segments.Remove(name);
  if (removed.has_value()) {
    return segments.Sync();
  }
  return removed.error().code == ErrorCode::kNotFound ? Ok() : removed;
}

}  // namespace

Result<SealIntent> DeclareSeal(KeyStore& keys, const Clock& clock,
                               const OpenSegment& open, bool reopens) {
  TRY_ASSIGN(Ed25519Signer signer, Ed25519Signer::Generate());
  const SealIntent intent = {.reopens = reopens,
                             .epoch = open.start().epoch,
                             .segment_first_record = open.start().first_record,
                             .end_record = open.progress().next_record() + 1,
                             .base_size_bytes = open.progress().size_bytes,
                             .chain = open.progress().chain,
                             .seal_time = clock.Now(),
                             .next_key = signer.public_key()};
  // The key first: an intent never names a key that is not there.
  TRY(keys.CreateNextKey(
      {.epoch = intent.epoch + 1, .signer = std::move(signer)}));
  TRY(keys.WriteIntent(intent));
  return intent;
}

Result<SealedSegment> CompleteSeal(const SealPlace& place,
                                   const SealIntent& intent,
                                   const EndSigner& end, OpenSegment& open) {
  TRY_ASSIGN(ReadBackAndIndex made,
             ReadBackAndBuildIndex(place, end.epoch_key, open));
  TRY(CheckIsIntended(intent, open.start(), made.blocks.progress));
  TRY(WriteIndex(place.segments, intent.segment_first_record, made.index));
  TRY_ASSIGN(SealedTail tail,
             BuildSealedTail(intent, open.start(), std::move(made.blocks),
                             made.index, place.genesis, end));
  TRY(place.keys.WriteTail(tail.bytes));
  TRY(open.Seal(tail.bytes));
  TRY(EvolveKey(place.keys));
  SealedSegment sealed;
  sealed.next = {.epoch = tail.footer.epoch + 1,
                 .first_record = tail.footer.end_record,
                 .chain = tail.footer_hash,
                 .tree = tail.footer.end};
  sealed.footer = std::move(tail.footer);
  return sealed;
}

Status ReplaySealTail(const SealPlace& place, const SealIntent& intent,
                      std::string_view base_name, Bytes tail) {
  const std::string open_name = OpenSegmentName(intent.segment_first_record);
  const std::string sealed_name =
      SealedSegmentName(intent.segment_first_record);
  if (intent.base_size_bytes == 0) {
    // An interrupted append to an empty segment may have begun a file.
    Status removed = place.segments.Remove(open_name);
    if (!removed.has_value() && removed.error().code != ErrorCode::kNotFound) {
      return removed;
    }
    TRY(place.segments.Sync());
    TRY(WriteFileDurably(place.segments, sealed_name, tail, kWrittenOnceMode));
    return EvolveKey(place.keys);
  }
  TRY_ASSIGN(const auto base, place.segments.OpenRead(base_name));
  TRY(CopyDurably(*base, {0, intent.base_size_bytes}, tail, place.segments,
                  base_name, kWrittenOnceMode));
  if (base_name != sealed_name) {
    TRY(place.segments.Rename(base_name, sealed_name));
    TRY(place.segments.Sync());
  }
  return EvolveKey(place.keys);
}

Status EvolveKey(KeyStore& keys) {
  TRY(keys.DestroyEpochKey());
  TRY(keys.PromoteNextKey());
  TRY(keys.RemoveIndexParts());
  return keys.RemoveIntentAndTail();
}

}  // namespace authseal
