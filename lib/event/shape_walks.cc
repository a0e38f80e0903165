#include "lib/event/shape_walks.h"

namespace authseal {

void ShapeWalks::Begin(const JsonShape* shape, JsonValue root) {
  current_ = nullptr;
  if (shape == nullptr) {
    return;
  }
  if (known_.empty()) {
    known_.resize(JsonShapes::kShapesMax);
  }
  current_ = &known_[shape->number()];
  document_root_ = root;
  if (current_->shape.get() != shape) {
    current_->shape = shape->shared_from_this();
    current_->walks.clear();
  }
}

ShapeWalk* ShapeWalks::Find(const PointerTrie& trie, JsonValue root) {
  if (current_ == nullptr || !root.SharesDocument(document_root_)) {
    return nullptr;
  }
  for (ShapeWalk& walk : current_->walks) {
    if (walk.trie == &trie && walk.root == root.number()) {
      return &walk;
    }
  }
  if (current_->walks.size() == kWalksMax) {
    return nullptr;
  }
  return &current_->walks.emplace_back();
}

}  // namespace authseal
