// All that the decisions of a mapping read.
#ifndef AUTHSEAL_EVENT_DECISION_INPUTS_H_
#define AUTHSEAL_EVENT_DECISION_INPUTS_H_

#include <vector>

#include "lib/event/condition.h"
#include "lib/event/decision.h"
#include "lib/event/event_field.h"
#include "lib/event/pointer_trie.h"

namespace authseal {

struct DecisionInputs {
  struct Slot {
    SlotRef ref;
    bool is_text_read = false;  // else its type alone
  };
  std::vector<Slot> slots;   // each once
  EventFieldSet fields = 0;  // their texts

  void Add(const Condition& condition);
  void Add(const std::vector<DecisionStep>& steps);

 private:
  void Add(const Operand& operand, bool is_text_read);
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_DECISION_INPUTS_H_
