// Many pointers looked up in one walk over a JSON value.
//
// A pointer is RFC 6901, plus two steps of our own:
//   [k=v|w]  the first element of an array, or the object itself, whose member
//            k is v or w (scalars, compared as text)
//   [*]      the first element of an array or first member of an object
// Of duplicate members the last counts, as in JsonValue::Member.
#ifndef AUTHSEAL_EVENT_POINTER_TRIE_H_
#define AUTHSEAL_EVENT_POINTER_TRIE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/json/document.h"

namespace authseal {

// What a slot holds during one record: nothing, a JSON value, or a text that
// was taken out of one.
struct SlotValue {
  enum class State : std::uint8_t {
    kAbsent,
    kJson,
    kText
  };
  State state = State::kAbsent;
  JsonValue json;
  std::string_view text;

  void SetJson(JsonValue value) {
    state = State::kJson;
    json = value;
  }
  void SetText(std::string_view value) {
    state = State::kText;
    text = value;
  }
  // There, and not null.
  bool present() const {
    return state == State::kText ||
           (state == State::kJson && json.type() != JsonType::kNull);
  }
};

// What is there and of which type; 0: nothing.
inline std::uint8_t TypeCode(const SlotValue& value) {
  switch (value.state) {
    case SlotValue::State::kAbsent:
      return 0;
    case SlotValue::State::kText:
      return 1;
    case SlotValue::State::kJson:
      break;
  }
  return static_cast<std::uint8_t>(2 + static_cast<int>(value.json.type()));
}

using SlotIndex = std::uint16_t;

struct SlotRef {
  SlotIndex slot = 0;
  bool member_name = false;  // the name of the value's member, not the value
};

// The same in documents of one shape, where the place follows from it.
struct PlacedRef {
  static constexpr std::uint32_t kInSlot = 0xffff'ffff;
  SlotRef ref;
  std::uint32_t value = kInSlot;  // JsonValue::number(), else look in the slot
};

// Where a walk led that follows from a document's shape (lib/json/shape.h).
struct TriePath {
  struct Place {
    SlotIndex slot;
    std::uint32_t value;  // JsonValue::number()
  };
  // Where [k=v|w] steps begin, which go by what is there.
  struct Matching {
    std::uint32_t node;
    std::uint32_t value;
  };
  // One value that such a step may take, if its member says so, and what lies
  // below it then.
  struct Choice {
    std::uint32_t step;  // choices of one step stand together, in order
    std::uint32_t edge;
    std::uint32_t node;    // that the step begins at
    std::uint32_t member;  // JsonValue::number()
    std::vector<Place> places;
  };
  std::vector<Place> places;  // each slot once
  std::vector<Matching> matching;
  // All of `matching`, unless there are steps below steps: then none.
  std::vector<Choice> choices;
  bool has_choices = false;
};

// Const use is safe from many threads.
class PointerTrie {
 public:
  // Working space of a walk, reused.
  struct Visit {
    std::uint32_t node = 0;
    JsonValue value;
  };
  struct Workspace {
    std::vector<Visit> stack;
    std::string name;
    std::vector<SlotIndex> touched;  // every slot that was set
  };

  PointerTrie();

  // The slot of `pointer`; `next_slot` is taken, and counted up, when the
  // pointer is new. Error kInvalidArgument when malformed.
  Result<SlotIndex> Add(std::string_view pointer, SlotIndex& next_slot);

  // Sets slots[i] of every pointer that leads somewhere; leaves the others.
  void Walk(JsonValue root, std::span<SlotValue> slots,
            Workspace& workspace) const;
  // The same, and remembers in `path` what it can.
  void WalkAndLearn(JsonValue root, std::span<SlotValue> slots,
                    Workspace& workspace, TriePath& path) const;
  // The same over the value of the same number in a document of the shape of
  // the one that `path` was learnt from.
  void WalkAgain(JsonValue root, std::span<SlotValue> slots,
                 Workspace& workspace, const TriePath& path) const;

  // Adds the slots of all pointers; of those that go through [k=v|w] steps
  // which begin at one of `matching`.
  void AddSlots(std::vector<SlotIndex>& slots) const;
  void AddSlotsBelow(std::span<const TriePath::Matching> matching,
                     std::vector<SlotIndex>& slots) const;

  bool empty() const { return pointer_count_ == 0; }

 private:
  struct NamedEdge {
    std::string name;
    std::uint32_t node;
  };
  struct IndexEdge {
    std::size_t index;
    std::uint32_t node;
  };
  struct MatchEdge {
    std::string key;
    std::vector<std::string> values;
    std::uint32_t node;
  };
  struct Bucket {
    std::uint32_t hash = 0;
    std::uint32_t edge = 0;  // its number + 1; 0: free
  };
  struct Node {
    std::vector<NamedEdge> named;
    std::vector<Bucket> buckets;  // by hash of the name
    std::vector<IndexEdge> indexed;
    std::vector<MatchEdge> matches;
    std::uint32_t any = 0;  // 0: none (the root is nobody's child)
    std::int32_t slot = -1;
    bool is_leaf = true;
  };

  void AddSlotsFrom(std::vector<std::uint32_t> nodes,
                    std::vector<SlotIndex>& slots) const;
  std::uint32_t NamedChild(std::uint32_t node, const std::string& name);
  std::uint32_t MatchChild(std::uint32_t node, std::string_view key,
                           std::vector<std::string> values);
  Result<std::uint32_t> Step(std::uint32_t node, std::string_view token);
  std::uint32_t NewNode();
  static std::size_t HashName(std::string_view name);
  static void AddBucket(Node& node);
  static const NamedEdge* Find(const Node& node, std::string_view name);
  static bool Matches(const MatchEdge& edge, const JsonValue& object,
                      std::string& scratch);
  static bool Says(const MatchEdge& edge, const JsonValue& member,
                   std::string& scratch);
  static void AddPlaces(std::span<const SlotIndex> touched,
                        std::span<const SlotValue> slots,
                        std::vector<TriePath::Place>& places);
  // Enters `value` at `node`: leaves are done at once, others put on the stack.
  void Enter(std::uint32_t node, const JsonValue& value,
             std::span<SlotValue> slots, Workspace& workspace) const;
  // Until the stack is empty. Where `matching` is given, [k=v|w] steps are
  // not taken but added to it.
  void WalkStack(std::span<SlotValue> slots, Workspace& workspace,
                 std::vector<TriePath::Matching>* matching) const;
  // Working space of LearnChoices.
  struct Learning {
    std::vector<SlotValue> slots;
    Workspace workspace;
    std::vector<TriePath::Matching> deeper;
  };
  void TakeChoices(JsonValue root, std::span<SlotValue> slots,
                   Workspace& workspace, const TriePath& path) const;
  bool LearnChoices(JsonValue root, TriePath& path) const;
  bool LearnChoice(std::uint32_t step, const TriePath::Matching& at,
                   std::uint32_t edge, JsonValue element, Learning& space,
                   std::vector<TriePath::Choice>& choices) const;
  void TakeMatching(JsonValue root, std::span<SlotValue> slots,
                    Workspace& workspace, const TriePath& path) const;
  void VisitMatches(const Node& node, const JsonValue& container,
                    std::span<SlotValue> slots, Workspace& workspace) const;
  void VisitObject(const Node& node, const JsonValue& object,
                   std::span<SlotValue> slots, Workspace& workspace) const;
  void VisitArray(const Node& node, const JsonValue& array,
                  std::span<SlotValue> slots, Workspace& workspace) const;

  std::vector<Node> nodes_;
  std::size_t pointer_count_ = 0;
};

// Undoes ~1 and ~0; empty when a '~' stands for neither.
std::optional<std::string> UnescapePointerToken(std::string_view token);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_POINTER_TRIE_H_
