// What the names in the documents of one shape say about their values, found
// out once for all of them.
#ifndef AUTHSEAL_SCRUB_SHAPE_CLASSES_H_
#define AUTHSEAL_SCRUB_SHAPE_CLASSES_H_

#include <cstdint>
#include <memory>
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
  };

  std::shared_ptr<const JsonShape> shape;
  std::vector<Value> values;  // by JsonValue::number()
};

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_SHAPE_CLASSES_H_
