#include "lib/index/stored_part.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/index/indexed_archive.h"

namespace authseal {
namespace {

void ExpectEqual(const BlockIndexPart& part, const BlockIndexPart& other) {
  EXPECT_EQ(part.terms, other.terms);
  EXPECT_EQ(part.terms_incomplete, other.terms_incomplete);
  EXPECT_EQ(part.time_min, other.time_min);
  EXPECT_EQ(part.time_max, other.time_max);
  EXPECT_EQ(part.kinds, other.kinds);
  EXPECT_EQ(part.outcomes, other.outcomes);
  EXPECT_EQ(part.providers, other.providers);
}

class StoredPartTest : public ::testing::Test {
 protected:
  StoredPartTest() : rules_(*IndexRules::Create(Hash{})) {
    const std::vector<std::string>& records = SampleRecords();
    part_ = *BlockIndexPartMaker(rules_).Make(UnixNanos{7},
                                              {records.begin(), records.end()});
  }
  IndexRules rules_;
  BlockIndexPart part_;
};

TEST_F(StoredPartTest, ComesBackAsItWas) {
  ASSERT_GT(part_.terms.size(), 100u);
  ASSERT_GT(part_.providers.size(), 2u);
  const ByteVector bytes = EncodeStoredPart(part_, rules_.mapping_id);
  const auto again = DecodeStoredPart(bytes, rules_.mapping_id);
  ASSERT_NE(again, nullptr);
  ExpectEqual(*again, part_);
}

TEST_F(StoredPartTest, ComesBackWithoutTermsAndIncomplete) {
  part_.terms.clear();
  part_.terms_incomplete = true;
  part_.time_min = UnixNanos{-1};
  const auto again = DecodeStoredPart(
      EncodeStoredPart(part_, rules_.mapping_id), rules_.mapping_id);
  ASSERT_NE(again, nullptr);
  ExpectEqual(*again, part_);
}

TEST_F(StoredPartTest, OfOtherRulesIsNone) {
  const ByteVector bytes = EncodeStoredPart(part_, rules_.mapping_id);
  EXPECT_EQ(DecodeStoredPart(bytes, Hash{}), nullptr);
}

TEST_F(StoredPartTest, OfAnyOtherLengthIsNone) {
  part_.terms.resize(5);
  ByteVector bytes = EncodeStoredPart(part_, rules_.mapping_id);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeStoredPart(Bytes(bytes).first(size), rules_.mapping_id),
              nullptr)
        << size;
  }
  bytes.push_back(0);
  EXPECT_EQ(DecodeStoredPart(bytes, rules_.mapping_id), nullptr);
}

TEST_F(StoredPartTest, OfMoreTermsThanABlockHasIsNone) {
  part_.terms.assign(kBlockTermsMax + 1, 1);
  const ByteVector bytes = EncodeStoredPart(part_, rules_.mapping_id);
  EXPECT_EQ(DecodeStoredPart(bytes, rules_.mapping_id), nullptr);
}

}  // namespace
}  // namespace authseal
