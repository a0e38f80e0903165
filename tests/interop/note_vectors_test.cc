// Notes, keys and proofs from the tests of C2SP, Go, and transparency-dev.
#include "lib/merkle/proof.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note_signer.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

using simdjson::dom::element;

// Two entries of the list are descriptions in place of the note itself.
std::string SpelledOut(std::string_view note, const std::string& good_line) {
  constexpr std::string_view kRawByte = "<raw 0xFF>";
  if (note.substr(0, kRawByte.size()) == kRawByte) {
    return "\xFF" + std::string(note.substr(kRawByte.size()));
  }
  if (note == "<repeat ps 101 times>") {
    std::string repeated = "text\n\n";
    for (int i = 0; i < 101; ++i) {
      repeated += good_line;
    }
    return repeated;
  }
  return std::string(note);
}

TEST(NoteVectors, GoodOnesVerifyAndAreWrittenAlike) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "notes.json");
  const JsonFile json(path);
  std::size_t count = 0;
  for (const element good : json["good"].get_array()) {
    const auto key = ParseVerificationKey(TextOf(good, "vkey"));
    const auto note = ParseSignedNote(TextOf(good, "note"));
    ASSERT_TRUE(key && note) << TextOf(good, "note");
    EXPECT_EQ(VerifySignedNote(*note, *key), NoteVerdict::kVerified);
    EXPECT_EQ(FormatVerificationKey(*key), TextOf(good, "vkey"));
    EXPECT_EQ(FormatSignedNote(*note), TextOf(good, "note"));
    ++count;

    std::string_view signing_key;
    if (good["skey"].get(signing_key) == simdjson::SUCCESS) {
      const auto signer = ParseSigningKey(signing_key);
      ASSERT_TRUE(signer.has_value());
      const auto signed_again =
          SignNote(note->text, signer->name, signer->signer);
      ASSERT_TRUE(signed_again.has_value());
      EXPECT_EQ(*signed_again, TextOf(good, "note"));
    }
  }
  EXPECT_EQ(count, 6u);
  Count("good notes", count);
}

TEST(NoteVectors, BadOnesAreRefused) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "notes.json");
  const JsonFile json(path);
  const element go_note = json["good"].at(1);
  const auto key = ParseVerificationKey(TextOf(go_note, "vkey"));
  const auto parsed = ParseSignedNote(TextOf(go_note, "note"));
  ASSERT_TRUE(key && parsed);
  const std::string line = FormatSignatureLine(parsed->signatures[0]);
  std::size_t count = 0;
  for (const element bad : json["bad"].get_array()) {
    const auto note = ParseSignedNote(SpelledOut(TextOf(bad, "note"), line));
    EXPECT_TRUE(!note ||
                VerifySignedNote(*note, *key) != NoteVerdict::kVerified)
        << TextOf(bad, "why");
    ++count;
  }
  EXPECT_EQ(count, 9u);
  for (const element bad : json["bad_vkeys"].get_array()) {
    EXPECT_FALSE(ParseVerificationKey(TextOf(bad, "vkey")).has_value())
        << TextOf(bad, "why");
    ++count;
  }
  EXPECT_EQ(count, 11u);
  Count("bad notes and keys", count);
}

TEST(NoteVectors, OtherAlgorithmsAreIgnoredLines) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "notes.json");
  const JsonFile json(path);
  const auto note = ParseSignedNote(TextOf(json["rfc6962_note"], "note"));
  ASSERT_TRUE(note.has_value());
  EXPECT_TRUE(ParseCheckpointText(note->text).has_value());
  const auto key = ParseVerificationKey(TextOf(json["good"].at(0), "vkey"));
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(VerifySignedNote(*note, *key), NoteVerdict::kNoKnownSignature);
}

TEST(NoteVectors, TheWitnessesCheckpointsAreConsistent) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "notes.json");
  const JsonFile json(path);
  Checkpoint checkpoints[2];
  for (std::size_t i = 0; i < 2; ++i) {
    const auto note = ParseSignedNote(TextOf(json["good"].at(4 + i), "note"));
    ASSERT_TRUE(note.has_value());
    const auto checkpoint = ParseCheckpointText(note->text);
    ASSERT_TRUE(checkpoint.has_value());
    checkpoints[i] = *checkpoint;
  }
  std::vector<Hash> proof;
  for (const element hex :
       json["witness_consistency_5_to_8"]["proof_hex"].get_array()) {
    Hash hash;
    const ByteVector bytes = BytesOfHex(hex.get_string());
    ASSERT_EQ(bytes.size(), hash.bytes.size());
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    proof.push_back(hash);
  }
  ASSERT_EQ(checkpoints[0].size, 5u);
  ASSERT_EQ(checkpoints[1].size, 8u);
  EXPECT_TRUE(
      VerifyConsistency(5, 8, proof, checkpoints[0].root, checkpoints[1].root));
  EXPECT_FALSE(
      VerifyConsistency(5, 8, proof, checkpoints[1].root, checkpoints[0].root));
}

}  // namespace
}  // namespace authseal
