#include <string>

#include <gtest/gtest.h>

#include "lib/note/signed_note.h"
#include "tests/unit/note/known_note.h"

namespace authseal {
namespace {

TEST(VerificationKey, IsReadAndWrittenAlike) {
  for (const std::string_view text : {kSpecKey, kGoKey}) {
    const auto key = ParseVerificationKey(text);
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(FormatVerificationKey(*key), text);
    EXPECT_EQ(MakeVerificationKey(key->name, key->key), *key);
  }
  EXPECT_EQ(ParseVerificationKey(kGoKey)->name, "PeterNeumann");
  EXPECT_EQ(ParseVerificationKey(kGoKey)->id, 0xc74f20a3u);
}

TEST(VerificationKey, KeepsAPlusWithinItsBase64) {
  // 0xfb bytes give "+/v7…" once they are in step with base64.
  Ed25519PublicKey key;
  key.bytes.fill(0xfb);
  const std::string text =
      FormatVerificationKey(MakeVerificationKey("example.com/a", key));
  ASSERT_NE(text.find("+", text.find('+', text.find('+') + 1) + 1),
            std::string::npos);
  const auto back = ParseVerificationKey(text);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->key, key);
}

TEST(VerificationKey, IsRefusedWhenAnyCharacterIsAnother) {
  const std::string good(kGoKey);
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'A', '+', ' ', '0', '\n', '\0'}) {
      std::string changed = good;
      changed[i] = c;
      if (changed != good) {
        EXPECT_FALSE(ParseVerificationKey(changed).has_value()) << changed;
      }
    }
    EXPECT_FALSE(ParseVerificationKey(good.substr(0, i)).has_value());
  }
  EXPECT_FALSE(ParseVerificationKey(good + "\n").has_value());
  EXPECT_FALSE(ParseVerificationKey(good + "=").has_value());
  EXPECT_FALSE(ParseVerificationKey(" " + good).has_value());
}

TEST(VerificationKey, IsRefusedForOtherAlgorithmsLengthsAndSpellings) {
  for (const std::string_view text :
       {// A longer key, its id right.
        "PeterNeumann+cc469956+"
        "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        // Algorithm 0x65, its id right.
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        // Another name, so another id.
        "PeterNeumanX+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        // Upper case.
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+", "PeterNeumann", "", "++", "+",
        "PeterNeumann+c74f20a3"}) {
    const auto key = ParseVerificationKey(text);
    ASSERT_FALSE(key.has_value()) << text;
    EXPECT_EQ(key.error().code, ErrorCode::kKey);
  }
}

TEST(NoteKeyName, IsOneWordWithoutPlus) {
  for (const std::string_view name :
       {"a", "example.com/log", "PeterNeumann", "größe", "日本", "a-b_c:1"}) {
    EXPECT_TRUE(IsNoteKeyName(name)) << name;
  }
  using namespace std::string_view_literals;
  for (const std::string_view name :
       {""sv, " "sv, "a b"sv, "a+b"sv, "a\n"sv, "a\tb"sv, "a\0b"sv, "a\x7f"sv,
        "a\xC2\x80"sv, "a\xC2\xA0"sv, "a\u1680"sv, "a\u2003"sv, "a\u2028"sv,
        "a\u3000"sv, "a\u205F"sv, "a\u202F"sv, "\xff"sv, "a\xC3"sv,
        "a\xED\xA0\x80"sv}) {
    EXPECT_FALSE(IsNoteKeyName(name)) << name;
  }
}

}  // namespace
}  // namespace authseal
