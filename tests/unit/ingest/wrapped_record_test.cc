#include "lib/ingest/wrapped_record.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "lib/base/utf8.h"

namespace authseal {
namespace {

TEST(NextPartSizeBytes, TakesAShortTextWhole) {
  EXPECT_EQ(NextPartSizeBytes("x"), 1u);
  EXPECT_EQ(NextPartSizeBytes(std::string(kPartSizeBytesMax, 'x')),
            kPartSizeBytesMax);
}

TEST(NextPartSizeBytes, CutsBehindASeparatorThatIsNear) {
  std::string text(kPartSizeBytesMax + 100, 'x');
  text[kPartSizeBytesMax - 5000] = ' ';
  EXPECT_EQ(NextPartSizeBytes(text), kPartSizeBytesMax - 4999);
  // Between pairs before between words: a name stays with its value.
  text[kPartSizeBytesMax - 6000] = ',';
  EXPECT_EQ(NextPartSizeBytes(text), kPartSizeBytesMax - 5999);
}

// What a secret's name says must stand in the part with the secret.
TEST(NextPartSizeBytes, PrefersToCutBetweenObjects) {
  std::string text(kPartSizeBytesMax + 100, 'x');
  text[kPartSizeBytesMax - 500] = ';';
  EXPECT_EQ(NextPartSizeBytes(text), kPartSizeBytesMax - 499);
  text[kPartSizeBytesMax - 900] = ',';
  EXPECT_EQ(NextPartSizeBytes(text), kPartSizeBytesMax - 899);
  text.replace(kPartSizeBytesMax - 5000, 2, "},");
  EXPECT_EQ(NextPartSizeBytes(text), kPartSizeBytesMax - 4998);
}

TEST(NextPartSizeBytes, CutsAtTheLimitWithoutOne) {
  std::string text(kPartSizeBytesMax + 100, 'x');
  text[100] = ',';  // too far away
  EXPECT_EQ(NextPartSizeBytes(text), kPartSizeBytesMax);
}

TEST(NextPartSizeBytes, CutsNoCharacter) {
  for (const std::string_view character : {"ä", "€", "😀"}) {
    for (std::size_t shift = 0; shift < character.size(); ++shift) {
      std::string text(shift, 'x');
      while (text.size() < kPartSizeBytesMax + 100) {
        text += character;
      }
      const std::size_t size = NextPartSizeBytes(text);
      EXPECT_LE(size, kPartSizeBytesMax);
      EXPECT_TRUE(IsValidUtf8(std::string_view(text).substr(0, size)));
    }
  }
}

TEST(NextPartSizeBytes, GoesOnWhereNothingIsACharacter) {
  const std::string text(kPartSizeBytesMax + 100, '\x80');
  EXPECT_EQ(NextPartSizeBytes(text), kPartSizeBytesMax);
}

TEST(FitsUnparsedRecord, NeverSaysYesWrongly) {
  const std::string_view pieces[] = {"x",    "\x01",         "\"",  "\\",
                                     "\x7F", "\xE2\x80\xA8", "\xFF"};
  for (const std::string_view piece : pieces) {
    for (const std::size_t size : {2u << 20, 3u << 20, 12u << 20, 16u << 20}) {
      std::string line;
      line.reserve(size + 4);
      while (line.size() < size) {
        line += piece;
      }
      std::string record;
      AppendUnparsedRecord(UnparsedReason::kNotJson, line, record);
      if (FitsUnparsedRecord(line)) {
        EXPECT_LE(record.size(), kRecordSizeBytesMax);
      } else {
        EXPECT_GT(record.size(), kRecordSizeBytesMax / 4 * 3);
      }
    }
  }
}

TEST(UnparsedReasonName, IsWhatTheFormatSays) {
  EXPECT_EQ(UnparsedReasonName(UnparsedReason::kNotJson), "not-json");
  EXPECT_EQ(UnparsedReasonName(UnparsedReason::kNotObject), "not-object");
  EXPECT_EQ(UnparsedReasonName(UnparsedReason::kUtf8), "utf8");
  EXPECT_EQ(UnparsedReasonName(UnparsedReason::kNul), "nul");
  EXPECT_EQ(UnparsedReasonName(UnparsedReason::kTooLong), "too-long");
  EXPECT_EQ(UnparsedReasonName(UnparsedReason::kTooDeep), "too-deep");
  EXPECT_EQ(UnparsedReasonName(UnparsedReason::kReserved), "reserved");
}

}  // namespace
}  // namespace authseal
