// A mapping's rules, cut down to what documents of one shape can hold, and its
// decisions remembered.
#ifndef AUTHSEAL_EVENT_MAPPING_PLAN_H_
#define AUTHSEAL_EVENT_MAPPING_PLAN_H_

#include "lib/event/event.h"
#include "lib/event/mapping.h"
#include "lib/event/record_values.h"
#include "lib/event/shape_plans.h"

namespace authseal {

// Fills `values` from `value`, and says what is known of its shape: null where
// nothing is. Then only the plan's `rest` may be in slots. Valid as
// ShapePlans::Find has it.
MappingPlan* FillByPlan(const Mapping& mapping, JsonValue value,
                        RecordValues& values);

// What the mapping decides for kind and outcome. `values` are full.
Verdict DecideBoth(const Mapping& mapping, RecordValues& values, Event& event);
// The same from memory, where values like these were met before; `value` is
// what FillByPlan had.
Verdict DecideBoth(const Mapping& mapping, MappingPlan& plan, JsonValue value,
                   RecordValues& values, Event& event);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_MAPPING_PLAN_H_
