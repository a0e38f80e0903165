#include "lib/index/term_section.h"

#include <algorithm>
#include <utility>

#include "lib/base/ordered_workers.h"
#include "lib/index/bucket_coding.h"
#include "lib/index/term_sort.h"

namespace authseal {
namespace {

// Each group of blocks has a count for every bucket, up to 65,536.
constexpr unsigned kGroupsMax = 8;
constexpr std::size_t kSlicesPerThread = 8;

void StoreU32(std::uint32_t value, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(value);
  out[1] = static_cast<std::uint8_t>(value >> 8);
  out[2] = static_cast<std::uint8_t>(value >> 16);
  out[3] = static_cast<std::uint8_t>(value >> 24);
}

// work(part) for each of `parts`, on as many threads as there are.
template <typename Work>
Status InParallel(std::size_t parts, unsigned threads, const Work& work) {
  return OrderedWorkers<bool>::Run(
      parts, threads,
      [&](std::size_t /*worker*/, std::size_t part) -> Result<bool> {
        work(part);
        return true;
      },
      [](std::size_t /*part*/, bool) -> Result<bool> { return true; });
}

// Where the `part`-th of `parts` equal shares of `count` begins.
std::size_t ShareBegin(std::size_t count, std::size_t parts, std::size_t part) {
  return count * part / parts;
}

}  // namespace

Result<TermSection> TermSection::Make(const IndexHeader& header,
                                      std::vector<BlockTerms> blocks,
                                      unsigned threads) {
  TermSection section(header, std::move(blocks));
  TRY(section.Count(threads));
  return section;
}

// Groups of blocks one behind the other, each with places of its own in every
// bucket: so the threads do not meet, and a bucket's entries are in the order
// of their blocks whatever the number of groups.
Status TermSection::Count(unsigned threads) {
  const std::size_t bucket_count = layout_.bucket_count();
  const std::size_t groups = std::clamp(threads, 1u, kGroupsMax);
  places_.resize(groups);
  TRY(InParallel(groups, threads, [&](std::size_t group) {
    std::vector<std::uint32_t>& counts = places_[group];
    counts.resize(bucket_count);
    const std::size_t end = ShareBegin(blocks_.size(), groups, group + 1);
    for (std::size_t i = ShareBegin(blocks_.size(), groups, group); i < end;
         ++i) {
      for (const IndexTermHash term : blocks_[i]) {
        ++counts[layout_.Bucket(term)];
      }
    }
  }));
  starts_.resize(bucket_count + 1);
  std::uint32_t next = 0;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    starts_[bucket] = next;
    for (std::vector<std::uint32_t>& of_group : places_) {
      next += std::exchange(of_group[bucket], next);
    }
  }
  starts_[bucket_count] = next;
  return Ok();
}

// At least one bucket, however many entries somebody gave it.
TermSection::Pass TermSection::PassFrom(std::size_t bucket,
                                        std::size_t entries_max) const {
  Pass pass{.first = bucket, .end = bucket + 1};
  while (pass.end < layout_.bucket_count() &&
         starts_[pass.end + 1] - starts_[pass.first] <= entries_max) {
    ++pass.end;
  }
  return pass;
}

Status TermSection::Deal(const Pass& pass, unsigned threads,
                         std::span<std::uint32_t> entries) {
  const std::size_t buckets = pass.end - pass.first;
  return InParallel(places_.size(), threads, [&](std::size_t group) {
    std::vector<std::uint32_t>& at = places_[group];
    const std::size_t groups = places_.size();
    const std::size_t end = ShareBegin(blocks_.size(), groups, group + 1);
    for (std::size_t i = ShareBegin(blocks_.size(), groups, group); i < end;
         ++i) {
      const auto number = static_cast<std::uint32_t>(i);
      for (const IndexTermHash term : blocks_[i]) {
        const std::size_t bucket = layout_.Bucket(term);
        if (bucket - pass.first < buckets) {  // wraps below the first
          entries[at[bucket]++ - starts_[pass.first]] =
              layout_.Entry(term, number);
        }
      }
    }
  });
}

Status TermSection::EncodeBuckets(const Pass& pass, unsigned threads,
                                  std::span<std::uint32_t> entries) {
  const std::size_t slices = kSlicesPerThread * std::max(threads, 1u);
  const std::size_t before = slices_.size();
  slices_.resize(before + slices);
  const auto block_count = static_cast<std::uint32_t>(blocks_.size());
  return InParallel(slices, threads, [&](std::size_t slice) {
    const std::size_t buckets = pass.end - pass.first;
    const std::size_t end = pass.first + ShareBegin(buckets, slices, slice + 1);
    ByteVector& out = slices_[before + slice];
    for (std::size_t bucket = pass.first + ShareBegin(buckets, slices, slice);
         bucket < end; ++bucket) {
      const std::span<std::uint32_t> of_bucket =
          entries.subspan(starts_[bucket] - starts_[pass.first],
                          starts_[bucket + 1] - starts_[bucket]);
      SortTermEntries(of_bucket, 32);
      const std::size_t begin = out.size();
      AppendBucket(of_bucket, block_count, out);
      sizes_bytes_[bucket] = static_cast<std::uint32_t>(out.size() - begin);
    }
  });
}

Status TermSection::Encode(unsigned threads, std::size_t pass_entries_max) {
  sizes_bytes_.resize(layout_.bucket_count());
  std::vector<std::uint32_t> entries;
  for (Pass pass; pass.end < layout_.bucket_count();) {
    pass = PassFrom(pass.end, pass_entries_max);
    const std::size_t count = starts_[pass.end] - starts_[pass.first];
    if (entries.size() < count) {
      entries.resize(count);
    }
    TRY(Deal(pass, threads, entries));
    TRY(EncodeBuckets(pass, threads, entries));
  }
  return Ok();
}

std::uint64_t TermSection::terms_size_bytes() const {
  std::uint64_t size_bytes = 0;
  for (const ByteVector& slice : slices_) {
    size_bytes += slice.size();
  }
  return size_bytes;
}

void TermSection::Write(const IndexHeader& header, MutableBytes index) {
  std::uint8_t* bucket = index.data() + header.buckets.offset_bytes;
  std::uint32_t begin = 0;
  for (const std::uint32_t size_bytes : sizes_bytes_) {
    StoreU32(begin, bucket);
    bucket += kIndexBucketSizeBytes;
    begin += size_bytes;
  }
  StoreU32(begin, bucket);
  std::uint8_t* terms = index.data() + header.terms.offset_bytes;
  for (ByteVector& slice : slices_) {
    terms = std::copy(slice.begin(), slice.end(), terms);
    ByteVector().swap(slice);
  }
}

}  // namespace authseal
