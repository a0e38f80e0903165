#include "lib/note/signed_note_signer.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/unit/note/known_note.h"

namespace authseal {
namespace {

NamedSigner GoSigner() {
  auto signer = ParseSigningKey(kGoSigningKey);
  EXPECT_TRUE(signer.has_value());
  return *std::move(signer);
}

TEST(SignNote, WritesWhatGoWrites) {
  const NamedSigner signer = GoSigner();
  const auto note = SignNote(kGoText, signer.name, signer.signer);
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(*note, Note(kGoText, kGoLine));
  EXPECT_EQ(FormatVerificationKey(
                MakeVerificationKey(signer.name, signer.signer.public_key())),
            kGoKey);
}

TEST(SignNote, VerifiesForTextsWithBlankLines) {
  const NamedSigner signer = GoSigner();
  const auto key = MakeVerificationKey("n", signer.signer.public_key());
  for (const std::string_view text : {"\n", "\n\n", "a\n\nb\n\n"}) {
    const auto note = SignNote(text, "n", signer.signer);
    ASSERT_TRUE(note.has_value());
    const auto parsed = ParseSignedNote(*note);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->text, text);
    EXPECT_EQ(VerifySignedNote(*parsed, key), NoteVerdict::kVerified);
  }
}

TEST(SignNote, RefusesWhatCouldNotBeReadBack) {
  const NamedSigner signer = GoSigner();
  const std::string too_long = std::string(kNoteSizeBytesMax, 'x') + "\n";
  for (const std::string_view text :
       {std::string_view(""), std::string_view("no line feed"),
        std::string_view("a\rb\n"), std::string_view("\xFF\n"),
        std::string_view("a\0b\n", 4), std::string_view(too_long)}) {
    const auto note = SignNote(text, "name", signer.signer);
    ASSERT_FALSE(note.has_value()) << text.substr(0, 20);
    EXPECT_EQ(note.error().code, ErrorCode::kInvalidArgument);
  }
  for (const std::string_view name : {"", "a b", "a+b", "a\nb"}) {
    const auto note = SignNote("text\n", name, signer.signer);
    ASSERT_FALSE(note.has_value()) << name;
    EXPECT_EQ(note.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(SigningKey, IsReadAndWrittenAlike) {
  const NamedSigner signer = GoSigner();
  EXPECT_EQ(signer.name, "PeterNeumann");
  const Secret text = FormatSigningKey(signer.name, signer.signer);
  EXPECT_EQ(AsText(text.view()), kGoSigningKey);

  for (int i = 0; i < 20; ++i) {
    const auto fresh = Ed25519Signer::Generate();
    ASSERT_TRUE(fresh.has_value());
    const Secret written = FormatSigningKey("example.com/log", *fresh);
    const auto back = ParseSigningKey(AsText(written.view()));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->signer.public_key(), fresh->public_key());
  }
}

TEST(SigningKey, IsRefusedWhenAnyCharacterIsAnother) {
  const std::string good(kGoSigningKey);
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'A', '+', ' ', '=', '\n'}) {
      std::string changed = good;
      changed[i] = c;
      if (changed != good) {
        const auto key = ParseSigningKey(changed);
        ASSERT_FALSE(key.has_value()) << i << c;
        EXPECT_EQ(key.error().code, ErrorCode::kKey);
      }
    }
    EXPECT_FALSE(ParseSigningKey(good.substr(0, i)).has_value());
  }
  EXPECT_FALSE(ParseSigningKey(good + "\n").has_value());
  EXPECT_FALSE(ParseSigningKey(kGoKey).has_value());
}

// An error is printed; a seed must not be in it.
TEST(SigningKey, DoesNotShowItselfInErrors) {
  std::string wrong(kGoSigningKey);
  wrong[wrong.find("c74f20a3")] = 'd';
  const auto key = ParseSigningKey(wrong);
  ASSERT_FALSE(key.has_value());
  EXPECT_EQ(key.error().message.find("AYEK"), std::string::npos);
  EXPECT_EQ(key.error().hint.find("AYEK"), std::string::npos);
}

}  // namespace
}  // namespace authseal
