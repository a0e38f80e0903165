// One mapping, compiled.
#ifndef AUTHSEAL_EVENT_MAPPING_H_
#define AUTHSEAL_EVENT_MAPPING_H_

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/event/decision.h"
#include "lib/event/decision_inputs.h"
#include "lib/event/event_field.h"
#include "lib/event/slot_plan.h"

namespace authseal {

// How one field of an event is filled: the first place that has a value.
struct FieldRule {
  EventField field = EventField::kRawKind;
  std::vector<SlotRef> from;
  // Translates values; to "" makes one count as absent.
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> table;
  // Take nothing but fingerprints: the places may hold live tokens elsewhere.
  bool only_fingerprints = false;
};

struct Mapping {
  std::string name;
  std::string title;
  SlotPlan plan;
  std::vector<FieldRule> fields;
  std::vector<DecisionStep> kind;
  std::vector<DecisionStep> outcome;
  DecisionInputs decision_inputs;      // of both
  std::optional<SlotRef> each;         // an array of items, or one object
  std::optional<SlotRef> each_member;  // an object whose members are items
  std::vector<std::string> token_at;   // RFC 6901
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_MAPPING_H_
