#include "lib/index/block_index_part.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

constexpr UnixNanos kIngested = {1'700'000'000'000'000'000};

class BlockIndexPartTest : public ::testing::Test {
 protected:
  BlockIndexPartTest() : rules_(*IndexRules::Create(Hash{})), maker_(rules_) {}

  BlockIndexPart Make(const std::vector<std::string>& records) {
    return *maker_.Make(kIngested, {records.begin(), records.end()});
  }
  bool Has(const BlockIndexPart& part, TermField field,
           std::string_view value) const {
    return std::find(part.terms.begin(), part.terms.end(),
                     IndexTermHashOf(TermHash(rules_.key, field, value))) !=
           part.terms.end();
  }

  IndexRules rules_;
  BlockIndexPartMaker maker_;
};

const std::string kFingerprint = "sha256:" + std::string(64, 'a');

TEST_F(BlockIndexPartTest, HasTheTermsOfEveryField) {
  const auto part = Make(
      {R"({"time":"2026-03-05T06:00:00Z","event":"token_issued","client_id":"c1","sub":"u1","sid":"s1","ip":"192.0.2.7","jti":"t1","request_id":"r1"})"});
  EXPECT_TRUE(Has(part, TermField::kClient, "c1"));
  EXPECT_TRUE(Has(part, TermField::kUser, "u1"));
  EXPECT_TRUE(Has(part, TermField::kSession, "s1"));
  EXPECT_TRUE(Has(part, TermField::kToken, "t1"));
  EXPECT_TRUE(Has(part, TermField::kRequest, "r1"));
  EXPECT_NE(std::find(part.terms.begin(), part.terms.end(),
                      IndexTermHashOf(*IpTermHash(rules_.key, "192.0.2.7"))),
            part.terms.end());
  EXPECT_FALSE(Has(part, TermField::kUser, "c1"));
  EXPECT_EQ(part.providers, std::vector<std::string>{"generic"});
}

TEST_F(BlockIndexPartTest, ATermOfManyRecordsIsThereOnce) {
  std::vector<std::string> records(5000, R"({"client_id":"c1"})");
  const auto part = Make(records);
  EXPECT_EQ(part.terms.size(), 1u);
}

TEST_F(BlockIndexPartTest, EveryOfManyTermsIsThere) {
  std::vector<std::string> records;
  for (int i = 0; i < 40'000; ++i) {
    records.push_back(R"({"client_id":"c)" + std::to_string(i) + "\"}");
  }
  const auto part = Make(records);
  EXPECT_EQ(part.terms.size(), records.size());
  EXPECT_FALSE(part.terms_incomplete);
  EXPECT_EQ(
      std::set<std::uint64_t>(part.terms.begin(), part.terms.end()).size(),
      records.size());
  for (int i = 0; i < 40'000; i += 97) {
    EXPECT_TRUE(Has(part, TermField::kClient, "c" + std::to_string(i)));
  }
}

TEST_F(BlockIndexPartTest, TooManyTermsAreSaidToBeIncomplete) {
  std::vector<std::string> records;
  for (std::size_t i = 0; i < kBlockTermsMax + 1; ++i) {
    records.push_back(R"({"client_id":"c)" + std::to_string(i) + "\"}");
  }
  const auto part = Make(records);
  EXPECT_EQ(part.terms.size(), kBlockTermsMax);
  EXPECT_TRUE(part.terms_incomplete);
  records.pop_back();
  records.insert(records.end(), records.begin(), records.begin() + 50);
  EXPECT_FALSE(Make(records).terms_incomplete);
}

TEST_F(BlockIndexPartTest, FingerprintsCountWhereverTheyStand) {
  const auto part = Make({R"({"url":"/x?token=)" + kFingerprint + R"(&y=1"})"});
  EXPECT_TRUE(Has(part, TermField::kToken, kFingerprint));
}

TEST_F(BlockIndexPartTest, FingerprintsInTextThatIsKeptCount) {
  const std::string in_base64 = Base64Encode(AsBytes("\xff " + kFingerprint));
  const std::string odd = "sha256:\"" + std::string(63, 'b');
  const auto part =
      Make({R"({"authseal":{"unparsed":{"reason":"utf8","base64":")" +
                in_base64 + "\"}}}",
            R"({"authseal":{"part":{"number":0,"last":true,"text":"sha256:\")" +
                std::string(63, 'b') + "\"}}}"});
  EXPECT_TRUE(Has(part, TermField::kToken, kFingerprint));
  EXPECT_TRUE(Has(part, TermField::kToken, odd));
}

TEST_F(BlockIndexPartTest, OverlappingFingerprintsAllCount) {
  const std::string text = "sha256:sha256:" + std::string(64, 'c');
  const auto part = Make({R"({"x":")" + text + "\"}"});
  EXPECT_TRUE(Has(part, TermField::kToken, text.substr(7)));
  EXPECT_TRUE(Has(part, TermField::kToken, text.substr(0, 71)));
}

TEST_F(BlockIndexPartTest, TimesAreThoseOfEventsElseOfIngest) {
  const auto dated =
      Make({R"({"time":"2026-03-05T06:00:00Z","event":"login"})",
            R"({"time":"2026-03-05T07:00:00Z","event":"login"})"});
  EXPECT_EQ(dated.time_max.value - dated.time_min.value,
            3600 * kNanosPerSecond);
  const auto undated = Make({R"({"event":"login"})"});
  EXPECT_EQ(undated.time_min, kIngested);
  EXPECT_EQ(undated.time_max, kIngested);
  const auto both = Make({R"({"time":"2026-03-05T06:00:00Z","event":"login"})",
                          R"({"event":"login"})"});
  EXPECT_EQ(both.time_min, kIngested);
  EXPECT_EQ(both.time_max, dated.time_min);
}

TEST_F(BlockIndexPartTest, ADocumentAtHandGivesTheSame) {
  const std::string record =
      R"({"time":"2026-03-05T06:00:00Z","event":"login","client_id":"c1"})";
  JsonDocument document;
  ASSERT_EQ(document.Parse(record), JsonFault::kNone);
  maker_.Begin(kIngested);
  maker_.Add(record, &document);
  const auto with = maker_.Take();
  const auto without = Make({record});
  EXPECT_EQ(with->terms, without.terms);
  EXPECT_EQ(with->kinds, without.kinds);
  EXPECT_EQ(with->time_min, without.time_min);
}

TEST_F(BlockIndexPartTest, NothingIsLeftOfTheBlockBefore) {
  Make({R"({"client_id":"c1"})"});
  const auto part = Make({R"({"client_id":"c1"})"});
  EXPECT_EQ(part.terms.size(), 1u);
  EXPECT_TRUE(Make({}).terms.empty());
}

}  // namespace
}  // namespace authseal
