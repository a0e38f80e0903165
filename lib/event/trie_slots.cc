// Which slots a walk can set at all.
#include <utility>

#include "lib/event/pointer_trie.h"

namespace authseal {

void PointerTrie::AddSlotsFrom(std::vector<std::uint32_t> nodes,
                               std::vector<SlotIndex>& slots) const {
  while (!nodes.empty()) {
    const Node& node = nodes_[nodes.back()];
    nodes.pop_back();
    if (node.slot >= 0) {
      slots.push_back(static_cast<SlotIndex>(node.slot));
    }
    for (const NamedEdge& edge : node.named) {  // indexed ones are among them
      nodes.push_back(edge.node);
    }
    for (const MatchEdge& edge : node.matches) {
      nodes.push_back(edge.node);
    }
    if (node.any != 0) {
      nodes.push_back(node.any);
    }
  }
}

void PointerTrie::AddSlots(std::vector<SlotIndex>& slots) const {
  AddSlotsFrom({0}, slots);
}

void PointerTrie::AddSlotsBelow(std::span<const TriePath::Matching> matching,
                                std::vector<SlotIndex>& slots) const {
  std::vector<std::uint32_t> nodes;
  for (const TriePath::Matching& at : matching) {
    for (const MatchEdge& edge : nodes_[at.node].matches) {
      nodes.push_back(edge.node);
    }
  }
  AddSlotsFrom(std::move(nodes), slots);
}

}  // namespace authseal
