// Where tries lead in the documents of one shape, found out once for all of
// them.
#ifndef AUTHSEAL_EVENT_SHAPE_WALKS_H_
#define AUTHSEAL_EVENT_SHAPE_WALKS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/event/pointer_trie.h"
#include "lib/json/shape.h"

namespace authseal {

// One walk of one trie over one value of the shape.
struct ShapeWalk {
  const PointerTrie* trie = nullptr;
  std::uint32_t root = 0;  // JsonValue::number()
  TriePath path;
  // Which mappings' recognition the types of the values in the slots left
  // open when last looked at; kept by Recogniser.
  std::vector<std::uint32_t> types;
  std::vector<std::uint16_t> candidates;
};

// For one thread. Bounded, whatever comes.
class ShapeWalks {
 public:
  // The document the next values are of, by its root; `shape` may be null.
  void Begin(const JsonShape* shape, JsonValue root);

  // What is known of this walk, its trie null when it is new. Null where
  // nothing can be known: walk as if there were no shapes. Valid until the
  // next Find or Begin.
  ShapeWalk* Find(const PointerTrie& trie, JsonValue root);

 private:
  // Elements of a list are roots of their own: not all are worth it.
  static constexpr std::size_t kWalksMax = 8;

  struct Known {
    std::shared_ptr<const JsonShape> shape;
    std::vector<ShapeWalk> walks;
  };
  std::vector<Known> known_;  // by JsonShape::number()
  Known* current_ = nullptr;
  JsonValue document_root_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_SHAPE_WALKS_H_
