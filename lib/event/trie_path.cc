// Walks that are remembered: of documents of one shape.
#include <algorithm>

#include "lib/event/pointer_trie.h"

namespace authseal {

bool PointerTrie::Says(const MatchEdge& edge, const JsonValue& member,
                       std::string& scratch) {
  const std::string_view text =
      member.is_string() ? member.Unescape(scratch) : member.raw();
  return std::find(edge.values.begin(), edge.values.end(), text) !=
         edge.values.end();
}

// Of duplicate members the last counts: what a slot holds in the end.
void PointerTrie::AddPlaces(std::span<const SlotIndex> touched,
                            std::span<const SlotValue> slots,
                            std::vector<TriePath::Place>& places) {
  for (const SlotIndex slot : touched) {
    const bool is_known = std::any_of(
        places.begin(), places.end(),
        [slot](const TriePath::Place& place) { return place.slot == slot; });
    if (!is_known) {
      places.push_back({slot, slots[slot].json.number()});
    }
  }
}

void PointerTrie::WalkAndLearn(JsonValue root, std::span<SlotValue> slots,
                               Workspace& workspace, TriePath& path) const {
  path.places.clear();
  path.matching.clear();
  const std::size_t touched_before = workspace.touched.size();
  workspace.stack.clear();
  Enter(0, root, slots, workspace);
  WalkStack(slots, workspace, &path.matching);
  AddPlaces(std::span(workspace.touched).subspan(touched_before), slots,
            path.places);
  path.choices.clear();
  path.has_choices = LearnChoices(root, path);
  if (!path.has_choices) {
    path.choices.clear();
  }
  TakeMatching(root, slots, workspace, path);
}

// False where a step lies below another, or there is too much to keep.
bool PointerTrie::LearnChoices(JsonValue root, TriePath& path) const {
  if (path.matching.empty()) {
    return true;
  }
  std::vector<SlotIndex> below;
  AddSlotsBelow(path.matching, below);
  Learning space;
  space.slots.resize(below.empty()
                         ? 0
                         : *std::max_element(below.begin(), below.end()) +
                               std::size_t{1});
  std::uint32_t step = 0;
  for (const TriePath::Matching& at : path.matching) {
    const JsonValue container = root.Numbered(at.value);
    const std::size_t edges = nodes_[at.node].matches.size();
    for (std::uint32_t edge = 0; edge < edges; ++edge, ++step) {
      if (container.is_object()) {
        if (!LearnChoice(step, at, edge, container, space, path.choices)) {
          return false;
        }
        continue;
      }
      for (auto element = container.FirstChild(); element;
           element = element->NextSibling()) {
        if (!LearnChoice(step, at, edge, *element, space, path.choices)) {
          return false;
        }
      }
    }
  }
  return true;
}

bool PointerTrie::LearnChoice(std::uint32_t step, const TriePath::Matching& at,
                              std::uint32_t edge, JsonValue element,
                              Learning& space,
                              std::vector<TriePath::Choice>& choices) const {
  constexpr std::size_t kChoicesMax = 64;
  const MatchEdge& taken = nodes_[at.node].matches[edge];
  const auto member = element.Member(taken.key);
  if (!member || member->is_object() || member->is_array()) {
    return true;  // in no document of the shape
  }
  // As if it were taken, in space of its own.
  Workspace& workspace = space.workspace;
  workspace.touched.clear();
  Enter(taken.node, element, space.slots, workspace);
  WalkStack(space.slots, workspace, &space.deeper);
  TriePath::Choice& choice = choices.emplace_back(
      TriePath::Choice{step, edge, at.node, member->number(), {}});
  AddPlaces(workspace.touched, space.slots, choice.places);
  return space.deeper.empty() && choices.size() <= kChoicesMax;
}

void PointerTrie::WalkAgain(JsonValue root, std::span<SlotValue> slots,
                            Workspace& workspace, const TriePath& path) const {
  std::vector<SlotIndex>& touched = workspace.touched;
  std::size_t touched_count = touched.size();
  touched.resize(touched_count + path.places.size());
  for (const TriePath::Place& place : path.places) {
    slots[place.slot].SetJson(root.Numbered(place.value));
    touched[touched_count++] = place.slot;
  }
  if (path.has_choices) {
    TakeChoices(root, slots, workspace, path);
  } else {
    TakeMatching(root, slots, workspace, path);
  }
}

void PointerTrie::TakeChoices(JsonValue root, std::span<SlotValue> slots,
                              Workspace& workspace,
                              const TriePath& path) const {
  std::uint32_t taken_steps = 0;  // those before it are done
  for (const TriePath::Choice& choice : path.choices) {
    if (choice.step < taken_steps ||
        !Says(nodes_[choice.node].matches[choice.edge],
              root.Numbered(choice.member), workspace.name)) {
      continue;
    }
    taken_steps = choice.step + 1;
    for (const TriePath::Place& place : choice.places) {
      slots[place.slot].SetJson(root.Numbered(place.value));
      workspace.touched.push_back(place.slot);
    }
  }
}

void PointerTrie::TakeMatching(JsonValue root, std::span<SlotValue> slots,
                               Workspace& workspace,
                               const TriePath& path) const {
  for (const TriePath::Matching& at : path.matching) {
    workspace.stack.clear();
    VisitMatches(nodes_[at.node], root.Numbered(at.value), slots, workspace);
    WalkStack(slots, workspace, nullptr);
  }
}

}  // namespace authseal
