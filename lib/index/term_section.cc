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

// Groups of blocks one behind the other, each with places of its own in every
// bucket: so the threads do not meet, and a bucket's entries are in the order
// of their blocks whatever the number of groups.
Result<TermSection> TermSection::Make(const IndexHeader& header,
                                      std::span<const BlockTerms> blocks,
                                      unsigned threads) {
  TermSection section(header);
  const TermLayout& layout = section.layout_;
  const std::size_t bucket_count = layout.bucket_count();
  const std::size_t groups = std::clamp(threads, 1u, kGroupsMax);
  std::vector<std::vector<std::uint32_t>> places(groups);
  TRY(InParallel(groups, threads, [&](std::size_t group) {
    std::vector<std::uint32_t>& counts = places[group];
    counts.resize(bucket_count);
    const std::size_t end = ShareBegin(blocks.size(), groups, group + 1);
    for (std::size_t i = ShareBegin(blocks.size(), groups, group); i < end;
         ++i) {
      for (const IndexTermHash term : blocks[i]) {
        ++counts[layout.Bucket(term)];
      }
    }
  }));
  section.starts_.resize(bucket_count + 1);
  std::uint32_t next = 0;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    section.starts_[bucket] = next;
    for (std::vector<std::uint32_t>& of_group : places) {
      next += std::exchange(of_group[bucket], next);
    }
  }
  section.starts_[bucket_count] = next;
  section.entries_ = std::make_unique_for_overwrite<std::uint32_t[]>(next);
  TRY(InParallel(groups, threads, [&](std::size_t group) {
    std::vector<std::uint32_t>& at = places[group];
    const std::size_t end = ShareBegin(blocks.size(), groups, group + 1);
    for (std::size_t i = ShareBegin(blocks.size(), groups, group); i < end;
         ++i) {
      const auto number = static_cast<std::uint32_t>(i);
      for (const IndexTermHash term : blocks[i]) {
        section.entries_[at[layout.Bucket(term)]++] =
            layout.Entry(term, number);
      }
    }
  }));
  return section;
}

Status TermSection::Encode(unsigned threads) {
  const std::size_t bucket_count = layout_.bucket_count();
  const std::size_t slices = kSlicesPerThread * std::max(threads, 1u);
  sizes_bytes_.resize(bucket_count);
  slices_.resize(slices);
  TRY(InParallel(slices, threads, [&](std::size_t slice) {
    const std::size_t first = ShareBegin(bucket_count, slices, slice);
    const std::size_t end = ShareBegin(bucket_count, slices, slice + 1);
    ByteVector& out = slices_[slice];
    for (std::size_t bucket = first; bucket < end; ++bucket) {
      const std::span<std::uint32_t> entries = {
          entries_.get() + starts_[bucket],
          starts_[bucket + 1] - starts_[bucket]};
      SortTermEntries(entries, 32);
      const std::size_t before = out.size();
      AppendBucket(entries, block_count_, out);
      sizes_bytes_[bucket] = static_cast<std::uint32_t>(out.size() - before);
    }
  }));
  entries_.reset();
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
