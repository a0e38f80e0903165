#include "lib/note/trust_policy.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/note/typed_key.h"
#include "tests/unit/note/known_note.h"

namespace authseal {
namespace {

std::string WitnessVkey(std::uint8_t number) {
  Ed25519PublicKey key;
  key.bytes.fill(number);
  return FormatWitnessKey(
      MakeWitnessKey("w.example/" + std::to_string(number), key));
}

std::string WitnessLine(std::string_view name, std::uint8_t number) {
  return "witness " + std::string(name) + " " + WitnessVkey(number) + "\n";
}

std::string MlDsaVkey(std::size_t key_size_bytes) {
  ByteVector typed(1 + key_size_bytes, 9);
  typed[0] = 0x06;
  const std::uint32_t id = TypedKeyId("pq", typed);
  const ByteVector id_bytes = {
      static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16),
      static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
  return "pq+" + HexEncode(id_bytes) + "+" + Base64Encode(typed);
}

std::string ThreeWitnesses() {
  return WitnessLine("a", 1) + WitnessLine("b", 2) + WitnessLine("c", 3);
}

TrustPolicy Parsed(const std::string& text) {
  auto policy = TrustPolicy::Parse(text);
  EXPECT_TRUE(policy.has_value())
      << (policy.has_value() ? "" : policy.error().message);
  return policy.has_value() ? *policy : TrustPolicy();
}

void ExpectRefused(const std::string& text, const std::string& words) {
  const auto policy = TrustPolicy::Parse(text);
  ASSERT_FALSE(policy.has_value()) << text;
  EXPECT_EQ(policy.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(policy.error().message.find(words), std::string::npos)
      << policy.error().message << "\n"
      << text;
}

TEST(TrustPolicy, IsReadWithAllItHas) {
  const TrustPolicy policy = Parsed(
      "# who we trust\n\n  \t\n"
      "log " +
      std::string(kGoKey) + " https://log.example/\n" + "\twitness  a\t" +
      WitnessVkey(1) + " https://w.example/a \n" + WitnessLine("b", 2) +
      "   # indented\n" + "group both all a b\nquorum both\n");
  ASSERT_EQ(policy.logs.size(), 1u);
  EXPECT_EQ(policy.logs[0].key.name, "PeterNeumann");
  EXPECT_EQ(policy.logs[0].url, "https://log.example/");
  ASSERT_EQ(policy.witnesses.size(), 2u);
  EXPECT_EQ(policy.witnesses[0].name, "a");
  EXPECT_EQ(policy.witnesses[0].url, "https://w.example/a");
  EXPECT_EQ(policy.witnesses[1].url, "");
  ASSERT_EQ(policy.groups.size(), 1u);
  EXPECT_EQ(policy.groups[0].threshold, 2u);
  EXPECT_EQ(policy.QuorumName(), "quorum both");
}

TEST(TrustPolicy, QuorumOfNoneIsAlwaysMet) {
  EXPECT_TRUE(Parsed("quorum none\n").QuorumMet({}));
  EXPECT_TRUE(Parsed(WitnessLine("a", 1) + "quorum none\n").QuorumMet({false}));
}

TEST(TrustPolicy, AQuorumOfOneWitnessNeedsThatOne) {
  const TrustPolicy policy = Parsed(ThreeWitnesses() + "quorum b\n");
  EXPECT_FALSE(policy.QuorumMet({true, false, true}));
  EXPECT_TRUE(policy.QuorumMet({false, true, false}));
}

TEST(TrustPolicy, GroupsCountTheirMembers) {
  for (int bits = 0; bits < 8; ++bits) {
    const std::vector<bool> cosigned = {(bits & 1) != 0, (bits & 2) != 0,
                                        (bits & 4) != 0};
    const int count = (bits & 1) + (bits >> 1 & 1) + (bits >> 2);
    for (const auto& [threshold, needed] :
         {std::pair("any", 1), {"1", 1}, {"2", 2}, {"3", 3}, {"all", 3}}) {
      const TrustPolicy policy = Parsed(ThreeWitnesses() + "group g " +
                                        threshold + " a b c\nquorum g\n");
      EXPECT_EQ(policy.QuorumMet(cosigned), count >= needed)
          << threshold << " " << bits;
    }
  }
}

// The example of the specification: two of X and any of Y.
TEST(TrustPolicy, GroupsOfGroupsAreEvaluated) {
  const TrustPolicy policy =
      Parsed(ThreeWitnesses() + WitnessLine("y1", 4) + WitnessLine("y2", 5) +
             "group X 2 a b c\ngroup Y any y1 y2\n"
             "group X-and-Y all X Y\nquorum X-and-Y\n");
  EXPECT_TRUE(policy.QuorumMet({true, false, true, false, true}));
  EXPECT_FALSE(policy.QuorumMet({true, true, true, false, false}));
  EXPECT_FALSE(policy.QuorumMet({true, false, false, true, true}));
}

TEST(TrustPolicy, AnMlDsaWitnessIsKnownAndNeverCounts) {
  const TrustPolicy policy =
      Parsed("witness pq " + MlDsaVkey(1312) + "\n" + WitnessLine("a", 1) +
             "group g any pq a\nquorum g\n");
  EXPECT_FALSE(policy.witnesses[0].key.has_value());
  EXPECT_TRUE(policy.QuorumMet({false, true}));
  ExpectRefused("witness pq " + MlDsaVkey(1311) + "\nquorum none\n", "line 1");
}

TEST(TrustPolicy, OneKeyCannotBeTwoWitnessesOrTwoLogs) {
  Ed25519PublicKey key;
  key.bytes.fill(1);
  const std::string renamed = FormatWitnessKey(MakeWitnessKey("other", key));
  ExpectRefused(WitnessLine("a", 1) + "witness b " + renamed + "\nquorum a\n",
                "line 2: the same witness key a second time");
  const std::string log = "log " + std::string(kGoKey) + "\n";
  ExpectRefused(log + log + "quorum none\n", "line 2: the same log key");
}

TEST(TrustPolicy, OneWitnessCannotCountTwice) {
  ExpectRefused(ThreeWitnesses() + "group g 2 a a b\nquorum g\n",
                "line 4: \"a\" is a member of a group already");
  ExpectRefused(ThreeWitnesses() +
                    "group g any a b\ngroup h any b c\ngroup i all g h\n"
                    "quorum i\n",
                "line 5: \"b\" is a member of a group already");
}

TEST(TrustPolicy, NamesAreDefinedOnceAndBeforeTheyAreUsed) {
  ExpectRefused("group g any a\n" + WitnessLine("a", 1) + "quorum g\n",
                "line 1: no witness or group \"a\"");
  ExpectRefused(WitnessLine("a", 1) + "group g all a g\nquorum g\n",
                "line 2: no witness or group \"g\"");
  ExpectRefused(WitnessLine("a", 1) + WitnessLine("a", 2) + "quorum a\n",
                "line 2: the name \"a\" a second time");
  ExpectRefused(WitnessLine("a", 1) + "group a any a\nquorum a\n",
                "line 2: the name \"a\" a second time");
  ExpectRefused(WitnessLine("none", 1) + "quorum none\n", "\"none\" is taken");
  ExpectRefused(WitnessLine("a", 1) + "group g any none a\nquorum g\n",
                "\"none\"");
  ExpectRefused("quorum x\n", "line 1: no witness or group \"x\"");
}

TEST(TrustPolicy, ThresholdsFitTheirGroup) {
  for (const std::string_view threshold :
       {"0", "4", "-1", "01", "+1", "x", "ALL", "18446744073709551617"}) {
    ExpectRefused(ThreeWitnesses() + "group g " + std::string(threshold) +
                      " a b c\nquorum g\n",
                  "line 4: a group of 3 members needs");
  }
  ExpectRefused(ThreeWitnesses() + "group g all\nquorum a\n", "line 4");
}

TEST(TrustPolicy, ThereIsExactlyOneQuorum) {
  ExpectRefused("", "no line 'quorum");
  ExpectRefused(ThreeWitnesses(), "no line 'quorum");
  ExpectRefused("quorum none\nquorum none\n", "line 2: a second quorum line");
  ExpectRefused("quorum\n", "line 1");
  ExpectRefused(ThreeWitnesses() + "quorum a b\n", "line 4");
}

TEST(TrustPolicy, OddLinesAreRefusedWithTheirNumber) {
  for (const std::string& line :
       {std::string("Log x"), std::string("witness a"),
        std::string("witness a ") + std::string(kGoKey),  // a log's key
        "log " + WitnessVkey(1), std::string("log"),
        "witness a " + WitnessVkey(1) + " url more", std::string("a\rb"),
        std::string("a\0b", 3), std::string("\x7f"), std::string("\x0b")}) {
    ExpectRefused("# first\n" + line + "\nquorum none\n", "line 2: ");
  }
  ExpectRefused("quorum none", "no end");
  ExpectRefused("quorum none\n" + std::string(kPolicySizeBytesMax, '#'),
                "longer");
}

TEST(TrustPolicy, IsBounded) {
  std::string text;
  for (std::size_t i = 0; i <= kPolicyEntriesMax; ++i) {
    Ed25519PublicKey key;
    key.bytes.fill(static_cast<std::uint8_t>(i));
    key.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    const std::string name = "w" + std::to_string(i);
    text += "witness " + name + " " +
            FormatWitnessKey(MakeWitnessKey(name, key)) + "\n";
  }
  ExpectRefused(text + "quorum none\n", "line 257: more than 256");
}

TEST(TrustPolicy, NamesAreOpaqueBytes) {
  const TrustPolicy policy =
      Parsed(WitnessLine("\xff\xfe", 1) + WitnessLine("K", 2) +
             WitnessLine("\xE2\x84\xAA", 3) + "quorum \xE2\x84\xAA\n");
  EXPECT_TRUE(policy.QuorumMet({false, false, true}));
  EXPECT_FALSE(policy.QuorumMet({true, true, false}));
}

}  // namespace
}  // namespace authseal
