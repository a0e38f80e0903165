#include "lib/export/block_tree.h"

#include "lib/crypto/sha256.h"

namespace authseal {

BlockTree::BlockTree(std::uint64_t first, std::span<const Hash> leaves) {
  levels_.push_back({first, {leaves.begin(), leaves.end()}});
  while (true) {
    const Level& below = levels_.back();
    const std::size_t skipped = below.first % 2;  // a right sibling, alone
    if (below.hashes.size() < skipped + 2) {
      return;
    }
    Level level{(below.first + skipped) / 2, {}};
    level.hashes.resize((below.hashes.size() - skipped) / 2);
    Sha256NodePairs(
        std::span(below.hashes).subspan(skipped, 2 * level.hashes.size()),
        level.hashes);
    levels_.push_back(std::move(level));
  }
}

std::optional<Hash> BlockTree::Find(const Subtree& subtree) const {
  const auto level = static_cast<std::size_t>(subtree.level);
  if (level >= levels_.size()) {
    return std::nullopt;
  }
  const std::uint64_t number = subtree.first >> subtree.level;
  const Level& nodes = levels_[level];
  if (number < nodes.first || number - nodes.first >= nodes.hashes.size()) {
    return std::nullopt;
  }
  return nodes.hashes[number - nodes.first];
}

}  // namespace authseal
