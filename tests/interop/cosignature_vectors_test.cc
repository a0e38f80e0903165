// Cosignatures that other programs made.
#include <sstream>

#include "lib/note/cosignature.h"
#include "lib/note/cosignature_signer.h"
#include "lib/note/trust_policy.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

TEST(CosignatureVectors, AnEd25519WitnessVerifiesAndIsMadeAlike) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "derived/ed25519_checkpoint.json");
  const JsonFile json(path);
  const auto note = ParseSignedNote(TextOf(json.root(), "checkpoint"));
  const auto key = ParseWitnessKey(TextOf(json.root(), "witness_vkey"));
  ASSERT_TRUE(note && key);
  const CosignatureCheck check =
      VerifyCosignature(note->text, note->signatures, *key);
  EXPECT_EQ(check.verdict, NoteVerdict::kVerified);
  EXPECT_EQ(check.time_seconds, NumberOf(json.root(), "time"));

  const ByteVector seed_bytes =
      BytesOfHex(TextOf(json.root(), "witness_seed_hex"));
  Secret seed(seed_bytes.size());
  std::copy(seed_bytes.begin(), seed_bytes.end(), seed.span().begin());
  auto signer = Ed25519Signer::FromSeed(std::move(seed));
  ASSERT_TRUE(signer.has_value());
  const NamedSigner witness{key->name, *std::move(signer)};
  const auto line = Cosign(note->text, NumberOf(json.root(), "time"), witness);
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(FormatSignatureLine(*line),
            FormatSignatureLine(note->signatures.back()));
  Count("cosignatures", 1);
}

TEST(CosignatureVectors, TheTimeIsWhereOthersReadIt) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "notes.json");
  const JsonFile json(path);
  const auto vector = json["cosig_timestamp"];
  const auto lines = ParseSignatureLines(
      "— name " + std::string(TextOf(vector, "sig_base64")) + "\n");
  ASSERT_TRUE(lines.has_value());
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    time = time << 8 | (*lines)[0].signature[i];
  }
  EXPECT_EQ(time, NumberOf(vector, "unix_time"));
  EXPECT_EQ((*lines)[0].signature.size(), 72u);
}

TEST(CosignatureVectors, AnMlDsaWitnessIsPassedOver) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "derived/mldsa44_cosig.json");
  const JsonFile json(path);
  const std::string vkey(TextOf(json.root(), "vkey"));
  EXPECT_FALSE(ParseWitnessKey(vkey).has_value());
  const auto policy =
      TrustPolicy::Parse("witness pq " + vkey + "\nquorum none\n");
  ASSERT_TRUE(policy.has_value()) << policy.error().message;
  EXPECT_FALSE(policy->witnesses[0].key.has_value());
}

}  // namespace
}  // namespace authseal
