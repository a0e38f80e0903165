// What a mapping found in one record, by slot; the memory is reused from
// record to record.
#ifndef AUTHSEAL_EVENT_RECORD_VALUES_H_
#define AUTHSEAL_EVENT_RECORD_VALUES_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/event/pointer_trie.h"
#include "lib/event/shape_plans.h"
#include "lib/event/shape_walks.h"
#include "lib/event/value_memo.h"
#include "lib/json/document.h"

namespace authseal {

// Which mappings values of one shape can belong to. The shape: a byte for each
// slot, whether something is there and of which type.
using CandidatesByShape =
    std::unordered_map<std::string, std::vector<std::uint16_t>>;

// For one thread. Views it gives are valid until the next Reset or, for texts
// of an item, Rewind.
class RecordValues {
 public:
  // Before the first walk over any value of a document; `shape` may be null.
  void BeginDocument(const JsonShape* shape, JsonValue root) {
    walks_.Begin(shape, root);
    walk_ = nullptr;
    mapping_plans_.Begin(shape, root);
    recognition_plans_.Begin(shape, root);
  }

  void Reset(std::size_t slot_count);

  const SlotValue& slot(SlotIndex index) const { return slots_[index]; }
  void SetText(SlotIndex index, std::string_view text) {
    slots_[index].SetText(text);
    workspace_.touched.push_back(index);
  }
  void Clear(SlotIndex index) {
    slots_[index].state = SlotValue::State::kAbsent;
  }
  std::span<SlotValue> slots() { return slots_; }
  // Every slot that was set, some more than once.
  std::span<const SlotIndex> touched() const { return workspace_.touched; }

  bool Present(SlotRef ref) const { return slots_[ref.slot].present(); }
  // The text of a scalar: a string unescaped, a number or boolean as written.
  // Empty for null, arrays and objects.
  std::optional<std::string_view> Text(SlotRef ref) {
    return Text(slots_[ref.slot], ref.member_name);
  }
  std::optional<std::string_view> Text(const SlotValue& value,
                                       bool member_name);
  std::optional<std::string_view> TextOf(JsonValue value);

  // A string that lives as long as the views do.
  std::string& NewText();
  // Forgets the texts made since Mark().
  std::size_t Mark() const { return texts_used_; }
  void Rewind(std::size_t mark) { texts_used_ = mark; }

  // Documents for JSON inside strings; each plan numbers its own from 0.
  JsonDocument& document(std::size_t index);

  PointerTrie::Workspace& workspace() { return workspace_; }
  // Fills the slots of `trie`, from memory where the shape is known.
  void Walk(const PointerTrie& trie, JsonValue root);
  // What is remembered of the last Walk; null where nothing is.
  ShapeWalk* walk() { return walk_; }
  // What is known of the documents of a shape; see shape_plans.h.
  ShapePlans<MappingPlan>& mapping_plans() { return mapping_plans_; }
  ShapePlans<RecognitionPlan>& recognition_plans() {
    return recognition_plans_;
  }
  ValueMemo& memo() { return memo_; }
  // Whether the slots are those of the value Recogniser::Find was last asked
  // about; it may know the answer without them.
  bool is_recognition_full() const { return is_recognition_full_; }
  void set_recognition_full(bool is_full) { is_recognition_full_ = is_full; }
  std::vector<std::uint32_t>& types() { return types_; }
  std::vector<std::string_view>& groups() { return groups_; }
  // Of the one recogniser these values are used with.
  CandidatesByShape& candidates() { return candidates_; }
  std::string& shape() { return shape_; }
  std::string& joined() { return joined_; }
  std::string& folded() { return folded_; }
  std::vector<std::string_view>& scopes() { return scopes_; }

 private:
  std::vector<SlotValue> slots_;
  std::deque<std::string> texts_;  // a deque: growing moves none of them
  std::size_t texts_used_ = 0;
  std::deque<JsonDocument> documents_;
  PointerTrie::Workspace workspace_;
  ShapeWalks walks_;
  ShapeWalk* walk_ = nullptr;
  ShapePlans<MappingPlan> mapping_plans_;
  ShapePlans<RecognitionPlan> recognition_plans_;
  ValueMemo memo_;
  bool is_recognition_full_ = false;
  std::vector<std::uint32_t> types_;
  std::vector<std::string_view> groups_;
  CandidatesByShape candidates_;
  std::string shape_;
  std::string joined_;
  std::string folded_;
  std::vector<std::string_view> scopes_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_RECORD_VALUES_H_
