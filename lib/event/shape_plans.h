// What a mapping, or the recogniser, can meet at all in documents of one shape
// (lib/json/shape.h), found out once for all of them.
#ifndef AUTHSEAL_EVENT_SHAPE_PLANS_H_
#define AUTHSEAL_EVENT_SHAPE_PLANS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/event/pointer_trie.h"
#include "lib/event/value_memo.h"
#include "lib/json/document.h"
#include "lib/json/shape.h"

namespace authseal {

struct FieldRule;

// Of a Mapping and a value of its documents.
struct MappingPlan {
  struct Field {
    const FieldRule* rule;
    std::uint32_t first_ref;  // in `refs`
    std::uint32_t end_ref;
  };
  struct Input {
    PlacedRef ref;
    bool is_text_read;
  };

  std::vector<Field> fields;    // in the mapping's order; those with any place
  std::vector<PlacedRef> refs;  // places that may hold something
  std::vector<Input> inputs;    // of the decision: the same
  // Values that do not follow from the shape, and what they are found by: all
  // that must be in slots. Not of mappings with items, which need all slots.
  TriePath rest;
  bool reads_in_place = false;
  std::uint64_t memo_owner = 0;
  MemoGain gain;
};

// Of a Recogniser and a value.
struct RecognitionPlan {
  // Values of these types in the places, and the mappings asked for.
  struct Variant {
    std::vector<std::uint8_t> types;  // one a place
    std::size_t first = 0;
    std::size_t end = 0;
    // What the answer depends on besides: strings and numbers, as written.
    std::vector<std::uint32_t> texts;  // JsonValue::number(), each once
    std::uint64_t memo_owner = 0;
    MemoGain gain;
  };
  static constexpr std::size_t kPlacesMax = 64;
  static constexpr std::size_t kVariantsMax = 8;

  std::vector<TriePath::Place> places;  // all there are; none: not known
  std::vector<Variant> variants;
};

// For one thread. Bounded, whatever comes.
template <typename Plan>
class ShapePlans {
 public:
  // As ShapeWalks::Begin.
  void Begin(const JsonShape* shape, JsonValue root) {
    shape_ = shape;
    document_root_ = root;
  }

  // Null: none yet, or the value is of no known shape. Valid until the next
  // Add or Begin.
  Plan* Find(const void* owner, JsonValue value) {
    if (shape_ == nullptr || known_.empty() ||
        !value.SharesDocument(document_root_)) {
      return nullptr;
    }
    Known& known = known_[shape_->number()];
    if (known.shape.get() != shape_) {
      return nullptr;
    }
    for (Owned& owned : known.plans) {
      if (owned.owner == owner && owned.value == value.number()) {
        return &owned.plan;
      }
    }
    return nullptr;
  }

  // An empty one, after Find gave null; null where none can be kept.
  Plan* Add(const void* owner, JsonValue value) {
    if (shape_ == nullptr || !value.SharesDocument(document_root_)) {
      return nullptr;
    }
    if (known_.empty()) {
      known_.resize(JsonShapes::kShapesMax);
    }
    Known& known = known_[shape_->number()];
    if (known.shape.get() != shape_) {
      known.shape = shape_->shared_from_this();
      known.plans.clear();
    }
    if (known.plans.size() == kPlansMax) {
      return nullptr;
    }
    known.plans.push_back({owner, value.number(), {}});
    return &known.plans.back().plan;
  }

 private:
  static constexpr std::size_t kPlansMax = 8;

  struct Owned {
    const void* owner;
    std::uint32_t value;  // JsonValue::number()
    Plan plan;
  };
  struct Known {
    std::shared_ptr<const JsonShape> shape;
    std::vector<Owned> plans;
  };
  std::vector<Known> known_;  // by JsonShape::number()
  const JsonShape* shape_ = nullptr;
  JsonValue document_root_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_SHAPE_PLANS_H_
