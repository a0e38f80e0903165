// What the names in the documents of one shape say about their values, found
// out once for all of them.
#ifndef AUTHSEAL_SCRUB_SHAPE_CLASSES_H_
#define AUTHSEAL_SCRUB_SHAPE_CLASSES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/json/shape.h"
#include "lib/scrub/secret_names.h"

namespace authseal {

struct ShapeClasses {
  struct Value {
    std::uint32_t parent = 0;  // its number
    // Of an array with a scalar in it: the number behind the last value in it.
    // What its elements are follows from what they say, not from names alone.
    std::uint32_t list_end = 0;
    NameClass name_class = NameClass::kPlain;
    bool searches_name = false;
    // The name says nothing of it: no string of a member to be replaced for its
    // name, no list, no pair. Only what a string says may count.
    bool is_ordinary = false;
  };

  // Where a pointer leads, by JsonValue::number().
  struct Place {
    std::string pointer;
    std::vector<std::uint32_t> values;
  };
  // Of more, the last one makes room.
  static constexpr std::size_t kPlacesMax = 8;

  std::shared_ptr<const JsonShape> shape;
  std::vector<Value> values;  // by JsonValue::number()
  std::vector<Place> places;
};

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_SHAPE_CLASSES_H_
