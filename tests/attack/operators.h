// What an attacker may want to do to a history, each at one record of it.
#ifndef AUTHSEAL_TESTS_ATTACK_OPERATORS_H_
#define AUTHSEAL_TESTS_ATTACK_OPERATORS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "tests/attack/history.h"

namespace authseal {

// Where a record is.
struct Place {
  std::size_t segment = 0;
  std::size_t block = 0;
  std::size_t index = 0;  // within the block
  bool is_seal = false;   // it is the segment's seal record
};

struct OperatorInput {
  const History& sound;
  const History& other;  // of another archive with the same records
  Place at;
};

struct Operator {
  std::string_view name;
  // Empty where it cannot be done at this place.
  std::optional<Change> (*apply)(const OperatorInput& input);
  // What the result says even of an attacker who has every key; empty: it is
  // a history like any other.
  std::string_view broken = {};
  // Only cuts off the end, which needs no key.
  bool cuts = false;
  // Looks at the segment behind as well.
  bool needs_next = false;
};

std::span<const Operator> Operators();

// Of each record in turn.
std::vector<Place> PlacesIn(const History& history);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_OPERATORS_H_
