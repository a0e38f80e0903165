#include "lib/archive/archive_note.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "tests/unit/archive/decoder_attacks.h"

namespace authseal {
namespace {

constexpr std::string_view kText =
    "authseal archive v1\n"
    "origin logs.example/auth\n"
    "leaf plain\n"
    "nonce AAECAwQFBgcICQoLDA0ODw==\n"
    "epoch-key AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

ArchiveNote SampleNote() {
  ArchiveNote note;
  note.origin = "logs.example/auth";
  for (std::size_t i = 0; i < note.nonce.size(); ++i) {
    note.nonce[i] = static_cast<std::uint8_t>(i);
  }
  for (std::size_t i = 0; i < note.first_epoch_key.bytes.size(); ++i) {
    note.first_epoch_key.bytes[i] = static_cast<std::uint8_t>(i);
  }
  return note;
}

Result<ArchiveNote> Parse(Bytes bytes) {
  return ParseArchiveNoteText(AsText(bytes));
}

TEST(ArchiveNote, HasTheWorkedText) {
  EXPECT_EQ(FormatArchiveNoteText(SampleNote()), kText);
  const auto parsed = ParseArchiveNoteText(kText);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->origin, "logs.example/auth");
  EXPECT_EQ(parsed->nonce, SampleNote().nonce);
  EXPECT_EQ(parsed->first_epoch_key, SampleNote().first_epoch_key);
}

TEST(ArchiveNote, GenesisIsTheHashOfTheText) {
  EXPECT_EQ(Genesis(kText), Sha256Of(AsBytes(kText)));
}

TEST(ArchiveNote, CallsAnotherVersionNewer) {
  for (const char* text :
       {"authseal archive v2\n", "authseal archive v10\nanything\n",
        "authseal archive v0\n"}) {
    const auto parsed = ParseArchiveNoteText(text);
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, ErrorCode::kNewerVersion) << text;
  }
}

TEST(ArchiveNote, RefusesWhatIsNotExactlyItsLines) {
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string text(kText);
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& text :
       {std::string(), std::string(kText) + "\n", "\n" + std::string(kText),
        replaced("v1", "v01"), replaced("v1", "v1 "), replaced("v1", "v"),
        replaced("v1", "v99999999999999999999999"), replaced("plain", "blind"),
        replaced("logs.example", "logs example"), replaced("==", "="),
        replaced("origin logs.example/auth", "origin "),
        replaced("GBka", "GBk"), replaced("AAECAwQFBgcICQoLDA0ODw==", "AAEC"),
        replaced("\nleaf", "\r\nleaf"), replaced("leaf plain\n", "")}) {
    const auto parsed = ParseArchiveNoteText(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kDamaged) << text;
  }
}

TEST(ArchiveNote, RefusesEveryCutAndSeesEveryFlip) {
  const Bytes bytes = AsBytes(kText);
  const ByteVector good(bytes.begin(), bytes.end());
  ExpectRefusesOtherLengths(good, Parse);
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    ByteVector flipped = good;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const auto parsed = Parse(flipped);
    if (parsed.has_value()) {
      EXPECT_EQ(FormatArchiveNoteText(*parsed), AsText(flipped));
    } else {
      // Only the digit of the version can become that of another one.
      EXPECT_EQ(parsed.error().code == ErrorCode::kNewerVersion,
                bit / 8 == 18 && flipped[18] >= '0' && flipped[18] <= '9');
      ++refused;
    }
  }
  EXPECT_GT(refused, 300u);
}

}  // namespace
}  // namespace authseal
