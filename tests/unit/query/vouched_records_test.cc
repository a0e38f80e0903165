// Behind a seal that nobody's key speaks for: what a root proves, and what only
// the identity key vouches for.
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/query/archive_scan_fixture.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class VouchedRecords : public ArchiveScanTest {};

TEST_F(VouchedRecords, TheSealBlockSpeaksForADamagedFooter) {
  const SegmentMap map = MapOf(files_, kSecond);
  const ByteVector sound = files_.at(kSecond);
  // It does not decode; it names another key; its signature is another.
  const std::vector<std::pair<std::uint64_t, std::string>> places = {
      {map.footer->offset_bytes + 8, "seal-missing "},
      {map.footer->end_bytes() - 100, "seal-invalid "},
      {map.footer->end_bytes() - 1, "seal-invalid "}};
  for (const auto& [at, name] : places) {
    files_.at(kSecond) = sound;
    FlipByte(kSecond, at);
    const Scanned scanned = ScanFiles();
    EXPECT_EQ(FindingLines(scanned.report), name + kSecond + "\n");
    EXPECT_EQ(scanned.records, archive_.records()) << at;
  }
}

// Behind a lost key a thief of the identity key could have made everything.
TEST_F(VouchedRecords, TheIdentityKeyAloneVouchesOnlyWhereTheUserSaysSo) {
  BreakSeal(kSecond);
  const std::string broken = std::string("seal-invalid ") + kSecond + "\n";
  const std::string behind = std::string("epoch-gap ") + kSecond +
                             "\nepoch-gap " + kThird + "\nepoch-gap " + kOpen +
                             "\n";
  Scanned scanned = ScanFiles();
  EXPECT_EQ(FindingLines(scanned.report), broken + behind);
  EXPECT_EQ(scanned.records, Without(13, 999));

  scanned = Scan(files_, {.pin = archive_.pin(), .believes_vouched = true});
  EXPECT_THAT(FindingLines(scanned.report), StartsWith(broken));
  EXPECT_EQ(scanned.records, archive_.records());
}

TEST_F(VouchedRecords, ARootKeptElsewhereProvesWhatLeadsUpToIt) {
  BreakSeal(kSecond);
  ScanOptions options = {.pin = archive_.pin()};
  const Records all = archive_.records();
  for (const std::uint64_t size : {13U, 26U, 39U}) {
    options.known = {KnownAt(size)};
    const Scanned scanned = Scan(files_, options);
    EXPECT_EQ(scanned.records, size == 13U ? Without(13, 999) : all) << size;
    EXPECT_THAT(FindingLines(scanned.report),
                StartsWith(std::string("seal-invalid ") + kSecond));
  }
  options.known[0].checkpoint.root.bytes[0] ^= 1;
  EXPECT_EQ(Scan(files_, options).records, Without(13, 999));
  options.known = {KnownAt(39)};
  options.known[0].checkpoint.origin = "another.example.org";
  EXPECT_EQ(Scan(files_, options).records, Without(13, 999));
}

TEST_F(VouchedRecords, OnlyASoundCheckpointOfItsEndVouches) {
  BreakSeal(kSecond);
  files_.at("checkpoints/000000000026.note").back() ^= 1;
  const Scanned scanned =
      Scan(files_, {.pin = archive_.pin(), .believes_vouched = true});
  EXPECT_THAT(FindingLines(scanned.report),
              HasSubstr(std::string("seal-invalid ") + kSecond + "\n"));
  EXPECT_EQ(scanned.records, Without(13, 26));
}

TEST_F(VouchedRecords, WithoutCheckpointNothingBehindALostKeyIsHandedOn) {
  BreakSeal(kSecond);
  std::erase_if(files_, [](const auto& file) {
    return file.first.starts_with("checkpoints/");
  });
  const Scanned scanned =
      Scan(files_, {.pin = archive_.pin(), .believes_vouched = true});
  EXPECT_THAT(FindingLines(scanned.report),
              HasSubstr(std::string("epoch-gap ") + kThird));
  EXPECT_EQ(scanned.records, Without(13, 999));
}

TEST_F(VouchedRecords, AMissingSegmentIsAFindingAndTheOthersAreVouchedFor) {
  files_.erase(kSecond);
  ScanOptions options = {.pin = archive_.pin(), .believes_vouched = true};
  const std::string missing =
      std::string("file-missing ") + kSecond + " 13..26\n";
  Scanned scanned = Scan(files_, options);
  EXPECT_EQ(FindingLines(scanned.report), missing);
  EXPECT_EQ(scanned.records, Without(13, 26));

  options.believes_vouched = false;
  scanned = Scan(files_, options);
  EXPECT_THAT(FindingLines(scanned.report), StartsWith(missing));
  EXPECT_EQ(scanned.records, Without(13, 999));

  options.known = {KnownAt(39)};
  scanned = Scan(files_, options);
  EXPECT_EQ(FindingLines(scanned.report), missing);
  EXPECT_EQ(scanned.records, Without(13, 26));
}

}  // namespace
}  // namespace authseal
