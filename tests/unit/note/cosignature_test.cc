#include "lib/note/cosignature.h"

#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "lib/note/cosignature_signer.h"
#include "tests/unit/note/known_note.h"

namespace authseal {
namespace {

// A checkpoint and its cosignature, made by other programs.
constexpr std::string_view kText =
    "example.test/oauth-archive\n300\n"
    "gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=\n";
constexpr std::string_view kWitness =
    "witness.example.test/w1+57604958+"
    "BMv7/0gItJ5bHcVT3hx/SGKUPeiJyXvRWbQ2P6fL7jwN";
constexpr std::string_view kLine =
    "— witness.example.test/w1 V2BJWAAAAABpVbkA40TrMhDXIAxJMVkW57xo374BORMCD/Sr"
    "wV1es/qmwlp6EMFdERjIGUwWs9XhicSe1tKLsKp113phpSAX72/zBg==\n";
constexpr std::uint64_t kTime = 1'767'225'600;

WitnessKey Key() {
  const auto key = ParseWitnessKey(kWitness);
  EXPECT_TRUE(key.has_value());
  return *key;
}

std::vector<NoteSignature> Lines(std::string_view text) {
  const auto lines = ParseSignatureLines(text);
  EXPECT_TRUE(lines.has_value());
  return *lines;
}

NamedSigner GoSigner() {
  auto signer = ParseSigningKey(kGoSigningKey);
  EXPECT_TRUE(signer.has_value());
  return *std::move(signer);
}

TEST(WitnessKey, IsReadAndWrittenAlike) {
  EXPECT_EQ(FormatWitnessKey(Key()), kWitness);
  EXPECT_EQ(MakeWitnessKey(Key().name, Key().key), Key());
}

TEST(WitnessKey, IsNotALogsKeyAndTheOtherWayRound) {
  EXPECT_FALSE(ParseWitnessKey(kGoKey).has_value());
  EXPECT_FALSE(ParseVerificationKey(kWitness).has_value());
  for (std::size_t i = 0; i < kWitness.size(); ++i) {
    EXPECT_FALSE(ParseWitnessKey(kWitness.substr(0, i)).has_value());
  }
  EXPECT_EQ(ParseWitnessKey(kGoKey).error().code, ErrorCode::kKey);
}

TEST(Cosignature, OfAnotherProgramVerifies) {
  const CosignatureCheck check = VerifyCosignature(kText, Lines(kLine), Key());
  EXPECT_EQ(check.verdict, NoteVerdict::kVerified);
  EXPECT_EQ(check.time_seconds, kTime);
}

TEST(Cosignature, IsMadeAsOthersMakeIt) {
  const NamedSigner signer = GoSigner();
  const auto line = Cosign(kText, kTime, signer);
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->signature.size(), 72u);
  const CosignatureCheck check = VerifyCosignature(
      kText, std::vector{*line},
      MakeWitnessKey(signer.name, signer.signer.public_key()));
  EXPECT_EQ(check.verdict, NoteVerdict::kVerified);
  EXPECT_EQ(check.time_seconds, kTime);
  // Under the log's kind of key id nobody signed.
  EXPECT_NE(line->key_id, NoteKeyId(signer.name, signer.signer.public_key()));
}

TEST(Cosignature, OverAnotherTextIsBad) {
  for (const std::string_view text :
       {"example.test/oauth-archive\n301\n"
        "gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=\n",
        "example.test/other\n300\n"
        "gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=\n",
        ""}) {
    EXPECT_EQ(VerifyCosignature(text, Lines(kLine), Key()).verdict,
              NoteVerdict::kBadSignature);
  }
}

TEST(Cosignature, WithAnyBitChangedIsBad) {
  const std::vector<NoteSignature> good = Lines(kLine);
  for (std::size_t i = 0; i < good[0].signature.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<NoteSignature> changed = good;
      changed[0].signature[i] ^= static_cast<std::uint8_t>(1 << bit);
      EXPECT_EQ(VerifyCosignature(kText, changed, Key()).verdict,
                NoteVerdict::kBadSignature)
          << i << " " << bit;
    }
  }
  for (std::size_t size = 0; size < good[0].signature.size(); ++size) {
    std::vector<NoteSignature> cut = good;
    cut[0].signature.resize(size);
    EXPECT_EQ(VerifyCosignature(kText, cut, Key()).verdict,
              NoteVerdict::kBadSignature);
  }
}

// Signed by the right key, with a time that no witness gives.
TEST(Cosignature, OfNoTimeOrAnEndlessOneIsBad) {
  const NamedSigner signer = GoSigner();
  for (const std::uint64_t time : {std::uint64_t{0}, std::uint64_t{1} << 63,
                                   std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_FALSE(Cosign(kText, time, signer).has_value());
    const auto signature =
        signer.signer.Sign(AsBytes(CosignedMessage(time, kText)));
    ASSERT_TRUE(signature.has_value());
    const WitnessKey key =
        MakeWitnessKey(signer.name, signer.signer.public_key());
    NoteSignature line{.name = key.name, .key_id = key.id};
    for (int shift = 56; shift >= 0; shift -= 8) {
      line.signature.push_back(static_cast<std::uint8_t>(time >> shift));
    }
    line.signature.insert(line.signature.end(), signature->bytes.begin(),
                          signature->bytes.end());
    EXPECT_EQ(VerifyCosignature(kText, std::vector{line}, key).verdict,
              NoteVerdict::kBadSignature)
        << time;
  }
}

TEST(Cosignature, LinesOfOthersArePassedOver) {
  NoteSignature ml_dsa{.name = Key().name, .key_id = 0x49e00a91};
  ml_dsa.signature.assign(8 + 2420, 7);
  const std::string lines =
      FormatSignatureLine(ml_dsa) + std::string(kGoLine) + std::string(kLine);
  EXPECT_EQ(VerifyCosignature(kText, Lines(lines), Key()).verdict,
            NoteVerdict::kVerified);
  EXPECT_EQ(VerifyCosignature(kText, Lines(kGoLine), Key()).verdict,
            NoteVerdict::kNoKnownSignature);
  // The key's own id with another name is nobody we know.
  std::vector<NoteSignature> renamed = Lines(kLine);
  renamed[0].name = "witness.example.test/w2";
  EXPECT_EQ(VerifyCosignature(kText, renamed, Key()).verdict,
            NoteVerdict::kNoKnownSignature);
}

TEST(Cosignature, TheFirstLineOfAKeyDecides) {
  std::vector<NoteSignature> lines = Lines(kLine);
  lines.push_back(lines[0]);
  lines[0].signature[20] ^= 1;
  EXPECT_EQ(VerifyCosignature(kText, lines, Key()).verdict,
            NoteVerdict::kBadSignature);
  std::swap(lines[0], lines[1]);
  EXPECT_EQ(VerifyCosignature(kText, lines, Key()).verdict,
            NoteVerdict::kVerified);
}

TEST(SignatureLines, AreRefusedWhenTheyAreNone) {
  const std::string line(kLine);
  std::string many;
  for (int i = 0; i < 101; ++i) {
    many += line;
  }
  for (const std::string& text :
       {std::string(), std::string("\n"), "\n" + line, line + "\n",
        line + "\n" + line, line.substr(0, line.size() - 1), many,
        std::string(kText) + "\n" + line, line + "text\n", "\r\n" + line}) {
    EXPECT_FALSE(ParseSignatureLines(text).has_value()) << text.substr(0, 80);
  }
}

}  // namespace
}  // namespace authseal
