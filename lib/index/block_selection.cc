#include "lib/index/block_selection.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace authseal {
namespace {

using BlockNumbers = std::vector<std::uint32_t>;

std::uint64_t ProviderMask(const IndexHeader& header,
                           const std::vector<std::string>& wanted) {
  if (wanted.empty()) {
    return ~std::uint64_t{0};
  }
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < header.providers.size(); ++i) {
    if (std::find(wanted.begin(), wanted.end(), header.providers[i]) !=
        wanted.end()) {
      mask |= std::uint64_t{1} << i;
    }
  }
  return mask;
}

bool MayHold(const IndexBlock& block, const IndexQuestion& question,
             std::uint64_t providers) {
  const RecordRange records = block.records();
  return records.first < question.records.end &&
         question.records.first < records.end &&
         (!question.wants_records || question.wants_records(records)) &&
         (!question.since || block.time_max >= *question.since) &&
         (!question.until || block.time_min < *question.until) &&
         (block.kinds & question.kinds) != 0 &&
         (block.outcomes & question.outcomes) != 0 &&
         (block.providers & providers) != 0;
}

Result<BlockNumbers> FindAny(IndexReader& index, const TermKey& key,
                             const std::vector<IndexTerm>& terms) {
  std::vector<std::uint64_t> hashes;
  for (const IndexTerm& term : terms) {
    hashes.push_back(TermHash(key, term.field, term.value));
  }
  // In order of the file.
  std::sort(hashes.begin(), hashes.end());
  BlockNumbers blocks;
  for (const std::uint64_t hash : hashes) {
    TRY(index.FindTerm(hash, blocks));
  }
  std::sort(blocks.begin(), blocks.end());
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  return blocks;
}

BlockNumbers Incomplete(const std::vector<IndexBlock>& directory) {
  BlockNumbers blocks;
  for (std::uint32_t i = 0; i < directory.size(); ++i) {
    if ((directory[i].flags & kIndexBlockTermsIncomplete) != 0) {
      blocks.push_back(i);
    }
  }
  return blocks;
}

}  // namespace

Result<std::vector<std::uint32_t>> SelectBlocks(IndexReader& index,
                                                const TermKey& key,
                                                const IndexQuestion& question) {
  TRY_ASSIGN(const std::vector<IndexBlock> directory, index.ReadDirectory());
  const std::uint64_t providers =
      ProviderMask(index.header(), question.providers);
  BlockNumbers selected;
  for (std::uint32_t i = 0; i < directory.size(); ++i) {
    if (MayHold(directory[i], question, providers)) {
      selected.push_back(i);
    }
  }
  const BlockNumbers incomplete = Incomplete(directory);
  for (const std::vector<IndexTerm>& terms : question.any_terms) {
    if (selected.empty()) {
      break;
    }
    TRY_ASSIGN(const BlockNumbers found, FindAny(index, key, terms));
    BlockNumbers may_hold;
    std::set_union(found.begin(), found.end(), incomplete.begin(),
                   incomplete.end(), std::back_inserter(may_hold));
    BlockNumbers both;
    std::set_intersection(selected.begin(), selected.end(), may_hold.begin(),
                          may_hold.end(), std::back_inserter(both));
    selected = std::move(both);
  }
  return selected;
}

}  // namespace authseal
