#include "lib/note/signed_note.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/note/known_note.h"

namespace authseal {
namespace {

using namespace std::string_literals;

NoteVerdict VerdictOf(std::string_view note, std::string_view key_text) {
  const auto parsed = ParseSignedNote(note);
  const auto key = ParseVerificationKey(key_text);
  EXPECT_TRUE(parsed.has_value() && key.has_value());
  return parsed && key ? VerifySignedNote(*parsed, *key)
                       : NoteVerdict::kNoKnownSignature;
}

TEST(SignedNote, VerifiesWhatOthersSigned) {
  EXPECT_EQ(VerdictOf(Note(kSpecText, kSpecLine), kSpecKey),
            NoteVerdict::kVerified);
  EXPECT_EQ(VerdictOf(Note(kGoText, kGoLine), kGoKey), NoteVerdict::kVerified);
}

TEST(SignedNote, IsReadAndWrittenAlike) {
  const std::string lines = std::string(kGoLine) + std::string(kSpecLine);
  for (const std::string_view text :
       {"\n", "a\n", "a\n\nb\n", "\n\n\n", "ünïcode\n"}) {
    const std::string note = Note(text, lines);
    const auto parsed = ParseSignedNote(note);
    ASSERT_TRUE(parsed.has_value()) << text;
    EXPECT_EQ(parsed->text, text);
    ASSERT_EQ(parsed->signatures.size(), 2u);
    EXPECT_EQ(parsed->signatures[0].name, "PeterNeumann");
    EXPECT_EQ(parsed->signatures[0].key_id, 0xc74f20a3u);
    EXPECT_EQ(parsed->signatures[0].signature.size(), 64u);
    EXPECT_EQ(FormatSignedNote(*parsed), note);
    EXPECT_EQ(FormatSignatureLine(parsed->signatures[1]), kSpecLine);
  }
}

TEST(SignedNote, IgnoresLinesOfOthers) {
  const std::string both = std::string(kSpecLine) + std::string(kGoLine);
  EXPECT_EQ(VerdictOf(Note(kGoText, both), kGoKey), NoteVerdict::kVerified);
  // The spec's signer did not sign this text, and is known now.
  EXPECT_EQ(VerdictOf(Note(kGoText, both), kSpecKey),
            NoteVerdict::kBadSignature);
  EXPECT_EQ(VerdictOf(Note(kGoText, kGoLine), kSpecKey),
            NoteVerdict::kNoKnownSignature);
  // Same name, another id: somebody else. One byte is enough of a signature.
  EXPECT_EQ(VerdictOf(Note(kGoText,
                           "— PeterNeumann AAAAAAA=\n" + std::string(kGoLine)),
                      kGoKey),
            NoteVerdict::kVerified);
}

TEST(SignedNote, DoesNotVerifyAnotherText) {
  for (const std::string& text :
       {std::string(kGoText) + "\n", "\n" + std::string(kGoText),
        std::string(kGoText.substr(1)), "x"s + std::string(kGoText)}) {
    EXPECT_EQ(VerdictOf(Note(text, kGoLine), kGoKey),
              NoteVerdict::kBadSignature);
  }
}

TEST(SignedNote, DoesNotVerifyAnyChangedSignatureByte) {
  auto parsed = ParseSignedNote(Note(kGoText, kGoLine));
  const auto key = ParseVerificationKey(kGoKey);
  ASSERT_TRUE(parsed.has_value() && key.has_value());
  ByteVector& signature = parsed->signatures[0].signature;
  for (std::uint8_t& byte : signature) {
    byte ^= 1;
    EXPECT_EQ(VerifySignedNote(*parsed, *key), NoteVerdict::kBadSignature);
    byte ^= 1;
  }
  signature.push_back(0);
  EXPECT_EQ(VerifySignedNote(*parsed, *key), NoteVerdict::kBadSignature);
  signature.resize(63);
  EXPECT_EQ(VerifySignedNote(*parsed, *key), NoteVerdict::kBadSignature);
  signature.clear();
  EXPECT_EQ(VerifySignedNote(*parsed, *key), NoteVerdict::kBadSignature);
}

// Go's rule: the first line of a key decides.
TEST(SignedNote, LetsTheFirstLineOfAKeyDecide) {
  auto parsed = ParseSignedNote(
      Note(kGoText, std::string(kGoLine) + std::string(kGoLine)));
  const auto key = ParseVerificationKey(kGoKey);
  ASSERT_TRUE(parsed.has_value() && key.has_value());
  parsed->signatures[1].signature[0] ^= 1;
  EXPECT_EQ(VerifySignedNote(*parsed, *key), NoteVerdict::kVerified);
  std::swap(parsed->signatures[0], parsed->signatures[1]);
  EXPECT_EQ(VerifySignedNote(*parsed, *key), NoteVerdict::kBadSignature);
}

TEST(SignedNote, IsRefusedWhenItIsNone) {
  const std::string text(kGoText);
  const std::string line(kGoLine);
  const std::string good = text + "\n" + line;
  ASSERT_TRUE(ParseSignedNote(good).has_value());
  const std::string bad[] = {
      "",
      "\n",
      "\n\n",
      text,
      text + "\n",
      text + line,                      // no blank line
      good.substr(0, good.size() - 1),  // no line feed at the end
      good + "\n",                      // blank line behind
      good + "Unexpected line.\n",
      text + "\nnot a line\n" + line,
      text + "\n\n" + line.substr(4),        // no em dash
      text + "\n- PeterNeumann AAAAAAAA\n",  // a hyphen
      text + "\n—  AAAAAAAA\n",              // no name
      text + "\n— Bad Name AAAAAAAA\n",
      text + "\n— Bad+Name AAAAAAAA\n",
      text + "\n— Name\n",
      text + "\n— Name \n",
      text + "\n— Name AAAAAA==\n",  // an id and no signature
      text + "\n— Name AAAAAAA\n",   // no padding
      text + "\n— Name AAAAAAB=\n",  // bits behind the last byte
      text + "\n— Name AAAA AAAA\n",
      text + "\n— Name !!!!!!!!\n",
      "\x01" + good,
      "\r\n" + good,
      "\t" + good,
      "\0"s + good,
      "\xFF" + good,
      "\xED\xA0\x80" + good,  // a surrogate
  };
  for (const std::string& note : bad) {
    const auto parsed = ParseSignedNote(note);
    ASSERT_FALSE(parsed.has_value()) << note;
    EXPECT_EQ(parsed.error().code, ErrorCode::kDamaged);
  }
}

TEST(SignedNote, IsRefusedAtEveryTruncationWithinItsSignature) {
  const std::string good = Note(kGoText, kGoLine);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseSignedNote(good.substr(0, size)).has_value()) << size;
  }
}

TEST(SignedNote, HasAtMost100Signatures) {
  std::string lines;
  for (std::size_t i = 0; i < kNoteSignaturesMax; ++i) {
    lines += kGoLine;
  }
  EXPECT_EQ(VerdictOf(Note(kGoText, lines), kGoKey), NoteVerdict::kVerified);
  lines += kGoLine;
  EXPECT_FALSE(ParseSignedNote(Note(kGoText, lines)).has_value());
}

TEST(SignedNote, HasAtMost64KiB) {
  const std::size_t text_size = kNoteSizeBytesMax - kGoLine.size() - 1;
  std::string text(text_size - 1, 'x');
  text += '\n';
  EXPECT_TRUE(ParseSignedNote(Note(text, kGoLine)).has_value());
  EXPECT_FALSE(ParseSignedNote(Note("x" + text, kGoLine)).has_value());
}

}  // namespace
}  // namespace authseal
