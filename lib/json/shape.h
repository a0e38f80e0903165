// What records of a log have in common: the same member names in the same
// order around values of the same kind. Whoever needs to know what follows
// from that alone can find it out once for all records of one shape.
//
// Two documents have the same shape exactly when their trees have the same
// nodes with the same names (as written) and each node is an object, an array
// or neither in both. Which scalar a value is does not count: true where
// another record has null or a string leaves the shape as it is.
#ifndef AUTHSEAL_JSON_SHAPE_H_
#define AUTHSEAL_JSON_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/json/document.h"

namespace authseal {

// One remembered shape. A pointer to it names it: keep a shared_from_this()
// beside what was found out, and no later shape can be taken for this one.
class JsonShape : public std::enable_shared_from_this<JsonShape> {
 public:
  // Below JsonShapes::kShapesMax, for a place in a table. Not a name: another
  // shape gets the number when this one is forgotten.
  std::size_t number() const { return number_; }

 private:
  friend class JsonShapes;
  struct Node {
    std::uint64_t first;  // up to 16 bytes of the name, the rest 0
    std::uint64_t second;
    std::uint64_t first_mask;  // which bytes of these there are
    std::uint64_t second_mask;
    std::uint32_t next_sibling;
    std::uint32_t name_size_bytes;
    std::uint32_t kind;
  };
  struct LongName {
    std::uint32_t node;
    std::string name;
  };

  std::size_t number_ = 0;
  std::vector<Node> nodes_;
  std::vector<LongName> long_names_;  // beyond 16 bytes
};

// Remembers shapes and finds them again: by a hash, and then by a comparison
// of everything a shape is, so that no text can pass for another shape's.
// One a thread. Memory is bounded, whatever comes.
class JsonShapes {
 public:
  static constexpr std::size_t kShapesMax = 512;
  static constexpr std::size_t kNodesMax = 256;
  static constexpr std::size_t kNameBytesMax = 8192;  // of all names together

  JsonShapes();

  // Gives `document`, just parsed and not moved, its shape(): null where it is
  // large or new: only what comes again is worth remembering. Valid until the
  // shape is forgotten, as any later call may do.
  void Recognise(JsonDocument& document);

 private:
  static constexpr std::size_t kWays = 4;
  // To learn a shape costs about what it saves in some records: beyond the
  // first ones it has to be earned by so many that were found again.
  static constexpr std::size_t kFoundPerLearnt = 4;

  std::uint64_t HashOf(const JsonDocument& document) const;
  static bool IsOf(const JsonShape& shape, const JsonDocument& document);
  static std::shared_ptr<JsonShape> Learn(const JsonDocument& document);

  std::vector<std::shared_ptr<JsonShape>> shapes_;
  std::vector<std::uint64_t> hashes_;  // of shapes_; 0: none
  std::vector<std::uint64_t> seen_once_;
  std::size_t next_victim_ = 0;
  std::size_t credit_ = kFoundPerLearnt * kShapesMax;
};

}  // namespace authseal

#endif  // AUTHSEAL_JSON_SHAPE_H_
