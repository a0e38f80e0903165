#include "lib/index/term_section.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "lib/index/bucket_coding.h"

namespace authseal {
namespace {

constexpr std::uint32_t kBlocks = 9;
constexpr std::uint32_t kBucketBits = 6;

// Some blocks without terms, some with many, and terms of several blocks.
std::vector<std::vector<IndexTermHash>> SomeTerms() {
  std::mt19937 random(7);
  std::vector<std::vector<IndexTermHash>> blocks(kBlocks);
  for (std::uint32_t block = 1; block < kBlocks; ++block) {
    for (std::uint32_t i = 0; i < 300 * block; ++i) {
      blocks[block].push_back(static_cast<IndexTermHash>(random()));
    }
    blocks[block].push_back(0);
    blocks[block].push_back(0xffff'ffffu);
  }
  return blocks;
}

// The two sections, one behind the other.
ByteVector Made(const std::vector<std::vector<IndexTermHash>>& terms,
                unsigned threads, std::size_t pass_entries_max) {
  IndexHeader header;
  header.bucket_bits = kBucketBits;
  header.block_count = kBlocks;
  auto section =
      TermSection::Make(header, {terms.begin(), terms.end()}, threads);
  EXPECT_TRUE(section.has_value());
  EXPECT_TRUE(section->Encode(threads, pass_entries_max).has_value());
  header.buckets = {
      .offset_bytes = 0,
      .size_bytes = kIndexBucketSizeBytes * ((1u << kBucketBits) + 1)};
  header.terms = {.offset_bytes = header.buckets.size_bytes,
                  .size_bytes = section->terms_size_bytes()};
  ByteVector index(static_cast<std::size_t>(header.terms.offset_bytes +
                                            header.terms.size_bytes));
  section->Write(header, index);
  return index;
}

TEST(TermSection, IsTheSameWhateverTheNumberOfPassesAndThreads) {
  const auto terms = SomeTerms();
  const ByteVector once = Made(terms, 1, 1'000'000);
  for (const std::size_t entries_max : {0u, 1u, 150u, 700u, 5'000u, 20'000u}) {
    for (const unsigned threads : {1u, 2u, 5u}) {
      EXPECT_EQ(Made(terms, threads, entries_max), once)
          << entries_max << " entries a pass, " << threads << " threads";
    }
  }
}

TEST(TermSection, EveryTermIsInItsBucketWithItsBlock) {
  const auto terms = SomeTerms();
  const ByteVector index = Made(terms, 2, 400);
  const TermLayout layout(kBucketBits);
  const auto begin_of = [&index](std::size_t bucket) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < kIndexBucketSizeBytes; ++i) {
      begin |= std::size_t{index[bucket * kIndexBucketSizeBytes + i]} << 8 * i;
    }
    return begin;
  };
  const Bytes entries =
      Bytes(index).subspan(kIndexBucketSizeBytes * (layout.bucket_count() + 1));
  for (std::uint32_t block = 0; block < kBlocks; ++block) {
    for (std::size_t i = 0; i < terms[block].size(); i += 17) {
      const IndexTermHash term = terms[block][i];
      const std::size_t bucket = layout.Bucket(term);
      std::vector<std::uint32_t> found;
      ASSERT_TRUE(
          FindInBucket(entries.subspan(begin_of(bucket),
                                       begin_of(bucket + 1) - begin_of(bucket)),
                       kBlocks, layout.Rest(term), found)
              .has_value());
      EXPECT_NE(std::find(found.begin(), found.end(), block), found.end());
    }
  }
}

}  // namespace
}  // namespace authseal
