#include "lib/event/decision_inputs.h"

#include <algorithm>

namespace authseal {

void DecisionInputs::Add(const Operand& operand, bool is_text_read) {
  if (operand.is_field) {
    fields |= FieldBit(operand.field);
    return;
  }
  for (const SlotRef ref : operand.refs) {
    const auto known =
        std::find_if(slots.begin(), slots.end(), [ref](const Slot& slot) {
          return slot.ref.slot == ref.slot &&
                 slot.ref.member_name == ref.member_name;
        });
    if (known == slots.end()) {
      slots.push_back({ref, is_text_read});
    } else {
      known->is_text_read |= is_text_read;
    }
  }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the mapping, never the record
void DecisionInputs::Add(const Condition& condition) {
  if (condition.type == Condition::Type::kTest) {
    Add(condition.operand, condition.test.needs_text());
  }
  for (const Condition& part : condition.parts) {
    Add(part);
  }
}

void DecisionInputs::Add(const std::vector<DecisionStep>& steps) {
  for (const DecisionStep& step : steps) {
    if (step.when) {
      Add(*step.when);
    }
    for (const Operand& operand : step.of) {
      Add(operand, true);
    }
  }
}

}  // namespace authseal
