// Wycheproof and C2SP's CCTV, against the one rule that lib/crypto/ed25519.h
// writes down.
#include <algorithm>
#include <set>

#include "lib/crypto/ed25519.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

// Empty when `hex` has another length.
template <typename T>
std::optional<T> FixedOf(std::string_view hex) {
  const ByteVector bytes = BytesOfHex(hex);
  T value;
  if (bytes.size() != value.bytes.size()) {
    return std::nullopt;
  }
  std::copy(bytes.begin(), bytes.end(), value.bytes.begin());
  return value;
}

TEST(Ed25519Vectors, OfWycheproofAreJudgedAsTheySayAll151) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "wycheproof/testvectors_v1/ed25519_test.json");
  const JsonFile json(path);
  std::size_t count = 0;
  std::size_t valid = 0;
  for (const simdjson::dom::element group : json["testGroups"].get_array()) {
    const auto key =
        FixedOf<Ed25519PublicKey>(TextOf(group["publicKey"], "pk"));
    ASSERT_TRUE(key.has_value());
    for (const simdjson::dom::element test : group["tests"].get_array()) {
      const auto signature = FixedOf<Ed25519Signature>(TextOf(test, "sig"));
      const bool wanted = TextOf(test, "result") == "valid";
      EXPECT_EQ(
          signature &&
              VerifyEd25519(*key, BytesOfHex(TextOf(test, "msg")), *signature),
          wanted)
          << "tcId " << NumberOf(test, "tcId");
      ++count;
      valid += wanted ? 1 : 0;
    }
  }
  EXPECT_EQ(count, NumberOf(json.root(), "numberOfTests"));
  EXPECT_EQ(count, 151u);
  EXPECT_EQ(valid, 88u);
  Count("Ed25519 cases of Wycheproof", count);
}

// OpenSSL's rule refuses a non-canonical R and a residue of low order; ours
// refuses keys of low order besides, and nothing else.
bool RuleAccepts(const std::set<std::string_view>& flags) {
  return flags.count("low_order_residue") == 0 &&
         flags.count("non_canonical_R") == 0 && flags.count("low_order_A") == 0;
}

TEST(Ed25519Vectors, OfCctvAreJudgedByOurRuleAll914) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "cctv-ed25519/ed25519/ed25519vectors.json");
  const JsonFile json(path);
  std::size_t count = 0;
  std::size_t accepted = 0;
  for (const simdjson::dom::element test : json.root().get_array()) {
    std::set<std::string_view> flags;
    if (!test["flags"].is_null()) {
      for (const simdjson::dom::element flag : test["flags"].get_array()) {
        flags.insert(flag.get_string());
      }
    }
    const auto key = FixedOf<Ed25519PublicKey>(TextOf(test, "key"));
    const auto signature = FixedOf<Ed25519Signature>(TextOf(test, "sig"));
    ASSERT_TRUE(key && signature);
    const bool verified =
        VerifyEd25519(*key, AsBytes(TextOf(test, "msg")), *signature);
    EXPECT_EQ(verified, RuleAccepts(flags))
        << "number " << NumberOf(test, "number");
    ++count;
    accepted += verified ? 1 : 0;
  }
  EXPECT_EQ(count, 914u);
  // 35 + 35 with components of low order in A and R that cancel out, 14 with
  // one in A alone, 2 without: counted from the flags of the file.
  EXPECT_EQ(accepted, 86u);
  Count("Ed25519 cases of CCTV", count);
}

}  // namespace
}  // namespace authseal
