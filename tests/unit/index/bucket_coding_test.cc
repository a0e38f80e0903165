#include "lib/index/bucket_coding.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace authseal {
namespace {

constexpr std::uint32_t kBlocksMax = 65536;
constexpr std::uint32_t kRests = 65536;

std::uint32_t Entry(std::uint32_t rest, std::uint32_t block) {
  return rest << 16 | block;
}

ByteVector Encode(std::vector<std::uint32_t> entries,
                  std::uint32_t block_count) {
  std::sort(entries.begin(), entries.end());
  ByteVector bytes;
  AppendBucket(entries, block_count, bytes);
  return bytes;
}

std::vector<std::uint32_t> Find(const ByteVector& bucket,
                                std::uint32_t block_count, std::uint32_t rest) {
  std::vector<std::uint32_t> blocks;
  EXPECT_TRUE(FindInBucket(bucket, block_count, rest, blocks).has_value());
  return blocks;
}

// Every term has exactly its blocks, in order, and its neighbours have theirs.
void ExpectFound(const std::vector<std::uint32_t>& entries,
                 std::uint32_t block_count) {
  std::map<std::uint32_t, std::set<std::uint32_t>> expected;
  for (const std::uint32_t entry : entries) {
    expected[entry >> 16].insert(entry & 0xffffu);
  }
  const ByteVector bucket = Encode(entries, block_count);
  std::size_t looked_up = 0;
  for (auto term = expected.begin(); term != expected.end() && looked_up < 50;
       std::advance(term, 1 + expected.size() / 50 * (term->first % 2)),
            ++looked_up) {
    EXPECT_EQ(
        Find(bucket, block_count, term->first),
        std::vector<std::uint32_t>(term->second.begin(), term->second.end()));
    const std::uint32_t next = (term->first + 1) % kRests;
    EXPECT_EQ(Find(bucket, block_count, next).size(),
              expected.contains(next) ? expected[next].size() : 0u);
    if (std::distance(term, expected.end()) <=
        static_cast<std::ptrdiff_t>(1 + expected.size() / 50)) {
      break;
    }
  }
}

TEST(BucketCodingTest, BytesAreThoseOfTheFormat) {
  // count 2: 0 1 0; k = 15; rest 1: 1, then 1 in 15 bits; count 1: 1;
  // block 2 in 2 bits. Rest 3, a distance of 1: the same; count 3: 0 1 1;
  // k = 0; block 0 in 2 bits, and distances 0 and 1: 1, 0 1.
  const ByteVector bucket =
      Encode({Entry(1, 2), Entry(3, 0), Entry(3, 1), Entry(3, 3)}, 4);
  std::string bits;
  for (const std::uint8_t byte : bucket) {
    for (int bit = 0; bit < 8; ++bit) {
      bits += static_cast<char>('0' + (byte >> bit & 1));
    }
  }
  EXPECT_EQ(bits,
            "010"
            "1"
            "100000000000000"
            "1"
            "01"
            "1"
            "100000000000000"
            "011"
            "00"
            "1"
            "01"
            "00");
}

TEST(BucketCodingTest, NoTermsHaveNoBytes) {
  EXPECT_TRUE(Encode({}, 7).empty());
  EXPECT_TRUE(Find({}, 7, 0).empty());
}

TEST(BucketCodingTest, OneTermIsFoundWhereverItIs) {
  for (const std::uint32_t blocks : {1u, 2u, 3u, 915u, 65535u, kBlocksMax}) {
    for (const std::uint32_t rest : {0u, 1u, 32767u, 32768u, 65535u}) {
      for (const std::uint32_t block : {0u, blocks / 2, blocks - 1}) {
        const ByteVector bucket = Encode({Entry(rest, block)}, blocks);
        EXPECT_EQ(Find(bucket, blocks, rest),
                  std::vector<std::uint32_t>{block});
        EXPECT_TRUE(Find(bucket, blocks, rest ^ 1).empty());
      }
    }
  }
}

TEST(BucketCodingTest, AnEntryThatIsThereTwiceCountsOnce) {
  EXPECT_EQ(
      Encode({Entry(5, 1), Entry(5, 1), Entry(5, 3), Entry(9, 0), Entry(9, 0)},
             4),
      Encode({Entry(5, 1), Entry(5, 3), Entry(9, 0)}, 4));
}

TEST(BucketCodingTest, RandomTermsAreFound) {
  std::mt19937 random(7);
  for (const std::uint32_t blocks : {1u, 2u, 40u, 915u, 2049u, 65535u}) {
    for (const std::size_t count : {1u, 2u, 17u, 350u, 5000u}) {
      std::vector<std::uint32_t> entries(count);
      for (std::uint32_t& entry : entries) {
        entry = Entry(static_cast<std::uint32_t>(random()) % kRests,
                      static_cast<std::uint32_t>(random()) % blocks);
      }
      ExpectFound(entries, blocks);
    }
  }
}

TEST(BucketCodingTest, TermsOfManyBlocksAreFound) {
  std::vector<std::uint32_t> every;
  std::vector<std::uint32_t> crowded;
  for (std::uint32_t block = 0; block < 1000; ++block) {
    every.push_back(Entry(77, block));
    every.push_back(Entry(78, block * 3 % 1000));
    crowded.push_back(Entry(65535, block < 999 ? block / 4 : 999));
  }
  ExpectFound(every, 1000);
  ExpectFound(crowded, 1000);
  // A block of a term that all have takes little more than a bit.
  EXPECT_LT(Encode(every, 1000).size(), 270u);
}

TEST(BucketCodingTest, EveryRestOfABucketIsFound) {
  std::vector<std::uint32_t> entries;
  for (std::uint32_t rest = 0; rest < kRests; ++rest) {
    entries.push_back(Entry(rest, rest % 3));
  }
  ExpectFound(entries, 3);
}

// Nobody can make a bucket large by choosing terms: what is unlike the mean
// costs at most the zeros of one mean more.
TEST(BucketCodingTest, TheWorstTermsStayWithinABound) {
  std::vector<std::uint32_t> entries;
  for (std::uint32_t i = 0; i < 400; ++i) {
    entries.push_back(Entry(i < 399 ? i : 65535, i < 399 ? 914 : 0));
    entries.push_back(Entry(i < 399 ? i : 65535, 0));
  }
  EXPECT_LT(Encode(entries, 915).size(), 400u * 6);
  ExpectFound(entries, 915);
}

// Whatever a bucket's bytes are, it is blocks below the count, or damaged, and
// found out in no more steps than it has bits.
void ExpectBlocksOrDamaged(const ByteVector& bucket,
                           std::uint32_t block_count) {
  for (const std::uint32_t rest : {0u, 77u, 30000u, 65535u}) {
    std::vector<std::uint32_t> blocks;
    const Status found = FindInBucket(bucket, block_count, rest, blocks);
    ASSERT_TRUE(found.has_value() || found.error().code == ErrorCode::kDamaged);
    ASSERT_LE(blocks.size(), 8 * bucket.size());
    for (const std::uint32_t block : blocks) {
      ASSERT_LT(block, block_count);
    }
    ASSERT_TRUE(std::is_sorted(blocks.begin(), blocks.end()));
  }
}

TEST(BucketCodingTest, EveryChangedBitIsBlocksOrDamaged) {
  std::mt19937 random(3);
  std::vector<std::uint32_t> entries;
  for (std::uint32_t i = 0; i < 60; ++i) {
    entries.push_back(Entry(static_cast<std::uint32_t>(random()) % kRests,
                            static_cast<std::uint32_t>(random()) % 90));
    entries.push_back(Entry(77, i));
  }
  const ByteVector bucket = Encode(entries, 90);
  for (std::size_t bit = 0; bit < 8 * bucket.size(); ++bit) {
    ByteVector changed = bucket;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    ExpectBlocksOrDamaged(changed, 90);
  }
}

TEST(BucketCodingTest, EveryCutOrLengthenedBucketIsDamaged) {
  const ByteVector bucket =
      Encode({Entry(1, 2), Entry(3, 0), Entry(3, 1), Entry(60000, 3)}, 4);
  std::vector<std::uint32_t> blocks;
  for (std::size_t size = 1; size < bucket.size(); ++size) {
    EXPECT_FALSE(
        FindInBucket(Bytes(bucket).first(size), 4, 9, blocks).has_value())
        << size;
  }
  ByteVector longer = bucket;
  longer.push_back(0);
  EXPECT_FALSE(FindInBucket(longer, 4, 9, blocks).has_value());
}

TEST(BucketCodingTest, ATermBehindTheLastRestIsDamaged) {
  std::vector<std::uint32_t> blocks;
  // Count 1, a distance of 0 in 16 low bits, count 1, no bits of a block.
  EXPECT_TRUE(
      FindInBucket(ByteVector{0x03, 0x00, 0x04}, 1, 0, blocks).has_value());
  EXPECT_EQ(blocks, std::vector<std::uint32_t>{0});
  // A distance of 65536.
  EXPECT_FALSE(
      FindInBucket(ByteVector{0x05, 0x00, 0x08}, 1, 0, blocks).has_value());
}

TEST(BucketCodingTest, RandomBytesAreBlocksOrDamaged) {
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    ByteVector bucket(1 + random() % 300);
    for (std::uint8_t& byte : bucket) {
      byte = static_cast<std::uint8_t>(round % 3 == 0 ? 0xff : random());
    }
    bucket[0] = static_cast<std::uint8_t>(random());
    ExpectBlocksOrDamaged(bucket, 1 + static_cast<std::uint32_t>(random()) %
                                          (round % 2 == 0 ? 9 : kBlocksMax));
  }
  ExpectBlocksOrDamaged(ByteVector(100'000, 0), kBlocksMax);
  ExpectBlocksOrDamaged(ByteVector(100'000, 0xff), kBlocksMax);
  ExpectBlocksOrDamaged(ByteVector(100'000, 0x01), 1);
}

}  // namespace
}  // namespace authseal
