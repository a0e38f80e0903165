#include "lib/event/record_values.h"

namespace authseal {

void RecordValues::Reset(std::size_t slot_count) {
  // Few slots of many are set in a record: only those are cleared.
  for (const SlotIndex slot : workspace_.touched) {
    Clear(slot);
  }
  workspace_.touched.clear();
  if (slots_.size() < slot_count) {
    slots_.resize(slot_count);
  }
  texts_used_ = 0;
}

void RecordValues::Walk(const PointerTrie& trie, JsonValue root) {
  walk_ = walks_.Find(trie, root);
  if (walk_ == nullptr) {
    trie.Walk(root, slots_, workspace_);
  } else if (walk_->trie == nullptr) {
    trie.WalkAndLearn(root, slots_, workspace_, walk_->path);
    walk_->trie = &trie;
    walk_->root = root.number();
  } else {
    trie.WalkAgain(root, slots_, workspace_, walk_->path);
  }
}

std::optional<std::string_view> RecordValues::Text(const SlotValue& value,
                                                   bool member_name) {
  if (value.state == SlotValue::State::kAbsent) {
    return std::nullopt;
  }
  if (member_name) {
    return value.state == SlotValue::State::kJson
               ? std::optional(value.json.UnescapeName(NewText()))
               : std::nullopt;
  }
  if (value.state == SlotValue::State::kText) {
    return value.text;
  }
  return TextOf(value.json);
}

std::optional<std::string_view> RecordValues::TextOf(JsonValue value) {
  switch (value.type()) {
    case JsonType::kString:
      return value.has_escapes() ? value.Unescape(NewText())
                                 : value.raw_string();
    case JsonType::kNumber:
    case JsonType::kTrue:
    case JsonType::kFalse:
      return value.raw();
    case JsonType::kNull:
    case JsonType::kArray:
    case JsonType::kObject:
      break;
  }
  return std::nullopt;
}

std::string& RecordValues::NewText() {
  if (texts_used_ == texts_.size()) {
    texts_.emplace_back();
  }
  return texts_[texts_used_++];
}

JsonDocument& RecordValues::document(std::size_t index) {
  while (documents_.size() <= index) {
    documents_.emplace_back();
  }
  return documents_[index];
}

}  // namespace authseal
