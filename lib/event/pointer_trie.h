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

using SlotIndex = std::uint16_t;

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
  std::vector<Place> places;  // each slot once
  std::vector<Matching> matching;
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

  std::uint32_t NamedChild(std::uint32_t node, const std::string& name);
  std::uint32_t MatchChild(std::uint32_t node, std::string_view key,
                           std::vector<std::string> values);
  Result<std::uint32_t> Step(std::uint32_t node, std::string_view token);
  std::uint32_t NewNode();
  static std::size_t HashName(std::string_view name);
  static void Rehash(Node& node);
  static const NamedEdge* Find(const Node& node, std::string_view name);
  static bool Matches(const MatchEdge& edge, const JsonValue& object,
                      std::string& scratch);
  // Enters `value` at `node`: leaves are done at once, others put on the stack.
  void Enter(std::uint32_t node, const JsonValue& value,
             std::span<SlotValue> slots, Workspace& workspace) const;
  // Until the stack is empty. Where `matching` is given, [k=v|w] steps are
  // not taken but added to it.
  void WalkStack(std::span<SlotValue> slots, Workspace& workspace,
                 std::vector<TriePath::Matching>* matching) const;
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
