#include "lib/signing/request_maker.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/signing/chain_check.h"

namespace authseal {
namespace {

constexpr std::string_view kVerifyHint =
    "run 'authseal verify' and restore the archive from a copy";

Error Damaged(const std::string& name, std::string_view what) {
  return {ErrorCode::kDamaged, "segments/" + name + ": " + std::string(what),
          std::string(kVerifyHint)};
}

Result<SegmentFooter> ReadFooterOf(const ArchiveReader& archive,
                                   const SegmentFile& segment) {
  TRY_ASSIGN(const SegmentReader reader, archive.OpenSegment(segment));
  ByteVector frame;
  auto footer = reader.ReadFooter(frame);
  if (!footer.has_value()) {
    return std::move(footer).error().With(segment.name);
  }
  return footer;
}

Status AppendBlock(const BlockHeader& header, CompactRange& body) {
  TRY_ASSIGN(
      const CompactRange range,
      CompactRange::FromHashes(header.records().first, header.records().end,
                               header.range_hashes));
  return body.Append(range).has_value()
             ? Ok()
             : Status(Error{ErrorCode::kDamaged,
                            "its blocks do not follow each other",
                            std::string(kVerifyHint)});
}

Result<SealStatement> ReadSeal(const ArchiveReader& archive,
                               const SegmentFile& segment) {
  TRY_ASSIGN(const SegmentReader reader, archive.OpenSegment(segment));
  SealStatement seal;
  ByteVector frame;
  TRY_ASSIGN(seal.footer, reader.ReadFooter(frame));
  seal.body = CompactRange(seal.footer.first_record);
  const std::size_t block_count = reader.map().blocks.size();
  if (block_count == 0) {
    return Damaged(segment.name, "no block");
  }
  for (std::size_t block = 0; block + 1 < block_count; ++block) {
    TRY_ASSIGN(const BlockHeader header, reader.ReadHeader(block, frame));
    TRY(AppendBlock(header, seal.body));
  }
  TRY_ASSIGN(const BlockHeader seal_block,
             reader.ReadHeader(block_count - 1, frame));
  if (seal.body.end() != seal_block.first_record ||
      seal.body.end() + 1 != seal.footer.end_record) {
    return Damaged(segment.name, "its blocks do not follow each other");
  }
  seal.chain = seal_block.previous;
  return seal;
}

// How many segments lie before tree size `from`.
Result<std::size_t> SegmentsBefore(const std::vector<SegmentFile>& sealed,
                                   std::uint64_t from, std::uint64_t end) {
  const auto next = std::find_if(
      sealed.begin(), sealed.end(),
      [from](const SegmentFile& one) { return one.first_record >= from; });
  const std::uint64_t there = next == sealed.end() ? end : next->first_record;
  if (there != from) {
    return Error{
        ErrorCode::kInvalidArgument,
        "no seal of this archive ends at " + std::to_string(from) + " records",
        "give the size of a checkpoint, or 0 for the beginning"};
  }
  return static_cast<std::size_t>(next - sealed.begin());
}

std::vector<SegmentFile> SealedOf(const ArchiveListing& listing) {
  std::vector<SegmentFile> sealed = listing.segments;
  if (!sealed.empty() && !sealed.back().sealed) {
    sealed.pop_back();
  }
  return sealed;
}

Result<std::vector<StoredRotation>> ReadRotations(
    const ArchiveReader& archive, const ArchiveListing& listing) {
  if (listing.rotations.size() > kRequestRotationsMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "more rotations than a request can show",
                 "sign where the archive is"};
  }
  std::vector<StoredRotation> rotations;
  for (const std::uint64_t size : listing.rotations) {
    StoredRotation rotation{.size = size, .note = {}};
    TRY_ASSIGN(rotation.note, archive.ReadRotation(size));
    rotations.push_back(std::move(rotation));
  }
  return rotations;
}

}  // namespace

Result<MadeRequest> MakeSigningRequest(const ArchiveReader& archive,
                                       std::optional<std::uint64_t> from) {
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  const std::vector<SegmentFile> sealed = SealedOf(listing);
  if (sealed.empty()) {
    return Error{ErrorCode::kInvalidArgument, "nothing is sealed yet",
                 "leave --no-seal out"};
  }
  TRY_ASSIGN(const SegmentFooter newest, ReadFooterOf(archive, sealed.back()));
  const std::uint64_t published =
      listing.checkpoints.empty() ? 0 : listing.checkpoints.back();
  TRY_ASSIGN(
      const std::size_t before,
      SegmentsBefore(sealed, from.value_or(published), newest.end_record));
  MadeRequest made;
  made.request.archive_note = FormatSignedNote(archive.signed_note());
  TRY_ASSIGN(made.request.rotations, ReadRotations(archive, listing));
  made.request.from = StartOf(archive.note());
  if (before > 0) {
    TRY_ASSIGN(const SegmentFooter footer,
               ReadFooterOf(archive, sealed[before - 1]));
    made.request.from = PointAfter(footer);
  }
  const std::size_t end = std::min(sealed.size(), before + kRequestSealsMax);
  made.seals_left_out = sealed.size() - end;
  for (std::size_t i = before; i < end; ++i) {
    auto seal = ReadSeal(archive, sealed[i]);
    if (!seal.has_value()) {
      return std::move(seal).error().With(sealed[i].name);
    }
    made.request.seals.push_back(*std::move(seal));
  }
  const auto finding =
      CheckSealChain(made.request, archive.note(), archive.genesis(), nullptr);
  if (finding.has_value()) {
    return Error{ErrorCode::kDamaged,
                 std::string(FindingName(finding->kind)) + ": " + finding->text,
                 std::string(kVerifyHint)};
  }
  return made;
}

}  // namespace authseal
