#include "lib/index/term_section.h"

#include <algorithm>
#include <utility>

#include "lib/base/ordered_workers.h"
#include "lib/index/term_sort.h"

namespace authseal {
namespace {

// Each group of blocks has a count for every bucket, up to a million.
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
  const auto bucket_count = static_cast<std::size_t>(layout.bucket_count());
  const std::size_t groups = std::clamp(threads, 1u, kGroupsMax);
  std::vector<std::vector<std::uint32_t>> places(groups);
  TRY(InParallel(groups, threads, [&](std::size_t group) {
    std::vector<std::uint32_t>& counts = places[group];
    counts.resize(bucket_count);
    const std::size_t end = ShareBegin(blocks.size(), groups, group + 1);
    for (std::size_t i = ShareBegin(blocks.size(), groups, group); i < end;
         ++i) {
      for (const std::uint64_t term : blocks[i]) {
        ++counts[static_cast<std::size_t>(layout.Bucket(term))];
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
      for (const std::uint64_t term : blocks[i]) {
        section.entries_[at[static_cast<std::size_t>(layout.Bucket(term))]++] =
            layout.Entry(term, number);
      }
    }
  }));
  return section;
}

Status TermSection::Write(const IndexHeader& header, MutableBytes index,
                          unsigned threads) {
  const std::size_t entry_size = layout_.entry_size_bytes();
  std::uint8_t* const buckets = index.data() + header.buckets.offset_bytes;
  std::uint8_t* const terms = index.data() + header.terms.offset_bytes;
  const std::size_t bucket_count = starts_.size() - 1;
  const std::size_t slices = kSlicesPerThread * std::max(threads, 1u);
  TRY(InParallel(slices, threads, [&](std::size_t slice) {
    const std::size_t first = ShareBegin(bucket_count, slices, slice);
    const std::size_t end = ShareBegin(bucket_count, slices, slice + 1);
    for (std::size_t bucket = first; bucket < end; ++bucket) {
      const std::uint32_t begin = starts_[bucket];
      StoreU32(begin, buckets + bucket * kIndexBucketSizeBytes);
      SortTermEntries({entries_.get() + begin, starts_[bucket + 1] - begin},
                      static_cast<std::uint32_t>(8 * entry_size));
      for (std::uint32_t i = begin; i < starts_[bucket + 1]; ++i) {
        layout_.Store(entries_[i], terms + i * entry_size);
      }
    }
  }));
  StoreU32(starts_.back(), buckets + bucket_count * kIndexBucketSizeBytes);
  return Ok();
}

}  // namespace authseal
