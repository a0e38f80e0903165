#include "lib/verify/trust.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/compress/zstd_frame.h"
#include "lib/merkle/tree_hash.h"
#include "lib/verify/chain_check.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/leaf_recovery.h"
#include "lib/verify/report.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

BlockSummary Block(std::uint64_t first, std::uint64_t end, std::uint8_t hash,
                   std::uint8_t previous,
                   SignatureState signature = SignatureState::kNone) {
  BlockSummary block;
  block.records = {first, end};
  block.header_hash.bytes[0] = hash;
  block.previous.bytes[0] = previous;
  block.header_decoded = true;
  block.signature = signature;
  block.content_ok = true;
  return block;
}

TEST(BindHeaders, CarriesASignatureBackAsFarAsTheChainHolds) {
  std::vector<BlockSummary> blocks = {
      Block(0, 2, 1, 0), Block(2, 4, 2, 9), Block(4, 6, 3, 2),
      Block(6, 8, 4, 3, SignatureState::kValid), Block(8, 9, 5, 4)};
  BindHeaders(blocks, std::nullopt, CommitSignatures::kBind);
  EXPECT_THAT(RecordsOfBoundBlocks(blocks), ElementsAre(RecordRange{2, 8}));
  Hash last;
  last.bytes[0] = 5;
  BindHeaders(blocks, last, CommitSignatures::kBind);
  EXPECT_THAT(RecordsOfBoundBlocks(blocks), ElementsAre(RecordRange{2, 9}));
  blocks[2].content_ok = false;
  EXPECT_THAT(RecordsOfBoundBlocks(blocks),
              ElementsAre(RecordRange{2, 4}, RecordRange{6, 9}));
}

// A commit that was set aside after a power cut and replaced is signed as well.
TEST(BindHeaders, BesideASealOnlyTheChainToItBinds) {
  std::vector<BlockSummary> blocks = {Block(0, 2, 1, 0, SignatureState::kValid),
                                      Block(2, 4, 2, 9, SignatureState::kValid),
                                      Block(4, 5, 3, 2)};
  Hash last;
  last.bytes[0] = 3;
  BindHeaders(blocks, last, CommitSignatures::kIgnored);
  EXPECT_THAT(RecordsOfBoundBlocks(blocks), ElementsAre(RecordRange{2, 5}));
}

TEST(BindHeaders, AnInvalidSignatureBindsNothingByItself) {
  std::vector<BlockSummary> blocks = {
      Block(0, 2, 1, 0), Block(2, 4, 2, 1, SignatureState::kInvalid)};
  BindHeaders(blocks, std::nullopt, CommitSignatures::kBind);
  EXPECT_THAT(RecordsOfBoundBlocks(blocks), IsEmpty());
  blocks[1].signature = SignatureState::kUnchecked;
  BindHeaders(blocks, std::nullopt, CommitSignatures::kBind);
  EXPECT_THAT(RecordsOfBoundBlocks(blocks), IsEmpty());
}

TEST(TrustLedger, MergesWhatTouchesAndCountsNothingTwice) {
  TrustLedger ledger;
  ledger.Add({.records = {{0, 3}, {3, 5}, {7, 9}, {8, 12}}});
  EXPECT_THAT(std::move(ledger).Take().trustworthy,
              ElementsAre(RecordRange{0, 5}, RecordRange{7, 9}));
}

TEST(TrustLedger, TakesBackWhatACheckpointContradicts) {
  TrustLedger ledger;
  ledger.Add({.records = {{0, 3}}});
  ledger.Confirm();
  ledger.Add({.records = {{3, 5}}});
  ledger.Contradict();
  ledger.Add({.records = {{5, 6}}});
  EXPECT_THAT(std::move(ledger).Take().trustworthy,
              ElementsAre(RecordRange{0, 3}, RecordRange{5, 6}));
}

SegmentTrust Vouched(const RecordRange& records, bool by_tree, bool continues) {
  return {.records = {records},
          .root = TrustRoot::kIdentityAlone,
          .by_tree = by_tree,
          .continues = continues};
}

TEST(TrustLedger, KeepsApartWhatOnlyTheIdentityKeyVouchesFor) {
  TrustLedger ledger;
  ledger.Add({.records = {{0, 3}}, .by_tree = true, .continues = true});
  ledger.Add(Vouched({3, 5}, true, true));
  ledger.Confirm();  // by a checkpoint of the archive
  ledger.Add(Vouched({5, 6}, false, false));
  const TrustedRecords all = std::move(ledger).Take();
  EXPECT_THAT(all.trustworthy, ElementsAre(RecordRange{0, 3}));
  EXPECT_THAT(all.vouched, ElementsAre(RecordRange{3, 6}));
}

TEST(TrustLedger, ARootFromOutsideReachesBackAsFarAsTheTreeIsOfOnePiece) {
  TrustLedger ledger;
  ledger.Add(Vouched({0, 3}, true, true));   // behind it something is missing
  ledger.Add(Vouched({4, 5}, true, false));  // first of a new piece
  ledger.Add(Vouched({5, 7}, true, true));
  ledger.ConfirmFromOutside();
  ledger.Add(Vouched({7, 9}, true, true));  // behind that root
  const TrustedRecords all = std::move(ledger).Take();
  EXPECT_THAT(all.trustworthy, ElementsAre(RecordRange{4, 7}));
  EXPECT_THAT(all.vouched, ElementsAre(RecordRange{0, 3}, RecordRange{7, 9}));
}

TEST(TrustLedger, ARootFromOutsideProvesNothingOfWhatTheTreeDoesNotHold) {
  TrustLedger ledger;
  ledger.Add(Vouched({0, 3}, true, true));
  ledger.Add(Vouched({3, 5}, false, true));  // bound by a chain alone
  ledger.Add(Vouched({5, 7}, true, true));
  ledger.ConfirmFromOutside();
  const TrustedRecords all = std::move(ledger).Take();
  EXPECT_THAT(all.trustworthy, ElementsAre(RecordRange{5, 7}));
  EXPECT_THAT(all.vouched, ElementsAre(RecordRange{0, 5}));
}

TEST(Join, RefusesRangesThatDoNotMeet) {
  const CompactRange start = CompactRange::FromLeaves(0, std::vector<Hash>(3));
  EXPECT_TRUE(Join(start, CompactRange(3)).has_value());
  EXPECT_FALSE(Join(start, CompactRange(4)).has_value());
  EXPECT_FALSE(Join(std::nullopt, CompactRange(0)).has_value());
  EXPECT_FALSE(Join(start, std::nullopt).has_value());
}

TEST(FindingList, KeepsAThousandAndCountsAll) {
  FindingList list;
  for (int i = 0; i < 1500; ++i) {
    list.Add({});
  }
  EXPECT_EQ(list.total(), 1500u);
  EXPECT_EQ(list.findings().size(), kFindingsMax);
  FindingList more;
  for (int i = 0; i < 1500; ++i) {
    more.Add({});
  }
  list.Append(std::move(more));
  EXPECT_EQ(list.total(), 3000u);
  EXPECT_EQ(list.findings().size(), kFindingsMax);
}

TEST(FindingName, IsDifferentForEachKind) {
  std::set<std::string_view> names;
  int kind = 0;
  for (; kind <= static_cast<int>(FindingKind::kManifestMismatch); ++kind) {
    names.insert(FindingName(static_cast<FindingKind>(kind)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kind));
  EXPECT_EQ(names.count("unknown"), 0u);
}

TEST(RecoverLeaves, ReadsAFrameWithoutItsHeader) {
  FrameCompressor compressor;
  ByteVector frame;
  ASSERT_TRUE(compressor.Compress(AsBytes("a\nbc\n"), frame).has_value());
  const auto range = RecoverLeaves(frame, 6);
  ASSERT_TRUE(range.has_value() && range->has_value());
  const std::vector<Hash> leaves = {LeafHash(AsBytes("a")),
                                    LeafHash(AsBytes("bc"))};
  EXPECT_EQ(**range, CompactRange::FromLeaves(6, leaves));
}

TEST(RecoverLeaves, GivesNothingForWhatIsNoBlock) {
  FrameCompressor compressor;
  ByteVector frame;
  for (const std::string& content :
       {std::string(), std::string("no line end"), std::string("a\nb"),
        std::string(20u << 20, '\n')}) {
    ASSERT_TRUE(compressor.Compress(AsBytes(content), frame).has_value());
    const auto range = RecoverLeaves(frame, 0);
    ASSERT_TRUE(range.has_value());
    EXPECT_FALSE(range->has_value()) << content.size();
  }
  const auto range = RecoverLeaves(ByteVector(100, 7), 0);
  ASSERT_TRUE(range.has_value());
  EXPECT_FALSE(range->has_value());
}

}  // namespace
}  // namespace authseal
