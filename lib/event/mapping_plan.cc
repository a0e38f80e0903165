#include "lib/event/mapping_plan.h"

#include <algorithm>
#include <bit>

#include "lib/event/field_value.h"

namespace authseal {
namespace {

constexpr std::uint32_t kUndecided = 0xff;

bool IsAmong(const std::vector<SlotIndex>& ascending, SlotRef ref) {
  return std::binary_search(ascending.begin(), ascending.end(), ref.slot);
}

PlacedRef Placed(SlotRef ref, const TriePath& path) {
  for (const TriePath::Place& place : path.places) {
    if (place.slot == ref.slot) {
      return {ref, place.value};
    }
  }
  return {ref};
}

void Learn(const Mapping& mapping, const TriePath& path, MappingPlan& plan) {
  const std::vector<SlotIndex> slots = mapping.plan.SlotsWithin(path);
  for (const FieldRule& rule : mapping.fields) {
    const auto first = static_cast<std::uint32_t>(plan.refs.size());
    for (const SlotRef ref : rule.from) {
      if (IsAmong(slots, ref)) {
        plan.refs.push_back(Placed(ref, path));
      }
    }
    const auto end = static_cast<std::uint32_t>(plan.refs.size());
    if (end > first) {
      plan.fields.push_back({&rule, first, end});
    }
  }
  for (const DecisionInputs::Slot& input : mapping.decision_inputs.slots) {
    if (IsAmong(slots, input.ref)) {
      plan.inputs.push_back({Placed(input.ref, path), input.is_text_read});
    }
  }
  plan.reads_in_place = !mapping.each && !mapping.each_member;
  if (plan.reads_in_place) {
    plan.rest = mapping.plan.RestOf(path);
  }
}

void AddInput(const MappingPlan::Input& input, JsonValue value,
              const RecordValues& values, MemoKey& key) {
  if (input.ref.value != PlacedRef::kInSlot && !input.is_text_read) {
    const JsonType type = value.Numbered(input.ref.value).type();
    key.AddByte(static_cast<std::uint8_t>(type));
    return;
  }
  const SlotValue there = ValueAt(input.ref, value, values);
  key.AddByte(TypeCode(there));
  if (!input.is_text_read) {
    return;
  }
  if (there.state == SlotValue::State::kText) {
    key.AddText(there.text);
  } else if (there.state == SlotValue::State::kJson) {
    if (input.ref.ref.member_name) {
      key.AddText(there.json.raw_name());
    } else if (there.json.type() == JsonType::kString ||
               there.json.type() == JsonType::kNumber) {
      key.AddText(there.json.raw());
    }
  }
}

Verdict DecideAnew(const Mapping& mapping, const MappingPlan& plan,
                   JsonValue value, RecordValues& values, Event& event) {
  if (plan.reads_in_place) {
    mapping.plan.Fill(value, values);
  }
  return DecideBoth(mapping, values, event);
}

}  // namespace

MappingPlan* FillByPlan(const Mapping& mapping, JsonValue value,
                        RecordValues& values) {
  MappingPlan* plan = values.mapping_plans().Find(&mapping, value);
  if (plan != nullptr && plan->reads_in_place) {
    mapping.plan.FillRest(value, plan->rest, values);
    return plan;
  }
  mapping.plan.Fill(value, values);
  if (plan == nullptr && values.walk() != nullptr) {
    plan = values.mapping_plans().Add(&mapping, value);
    if (plan != nullptr) {
      Learn(mapping, values.walk()->path, *plan);
      plan->memo_owner = values.memo().NewOwner();
    }
  }
  return plan;
}

Verdict DecideBoth(const Mapping& mapping, RecordValues& values, Event& event) {
  Verdict both;
  if (const auto kind = Decide(mapping.kind, values, event)) {
    both = *kind;
  }
  if (!both.outcome) {
    if (const auto outcome = Decide(mapping.outcome, values, event)) {
      both.outcome = outcome->outcome;
    }
  }
  return both;
}

Verdict DecideBoth(const Mapping& mapping, MappingPlan& plan, JsonValue value,
                   RecordValues& values, Event& event) {
  if (!plan.gain.expected()) {
    return DecideAnew(mapping, plan, value, values, event);
  }
  MemoKey key(plan.memo_owner);
  for (const MappingPlan::Input& input : plan.inputs) {
    AddInput(input, value, values, key);
  }
  for (EventFieldSet rest = mapping.decision_inputs.fields; rest != 0;
       rest &= rest - 1) {
    if (const std::string* text =
            FieldText(event, static_cast<EventField>(std::countr_zero(rest)))) {
      key.AddText(*text);
    }
  }
  if (!key.fits()) {
    plan.gain.Missed();
    return DecideAnew(mapping, plan, value, values, event);
  }
  if (const auto known = values.memo().Find(key)) {
    plan.gain.Found();
    Verdict both;
    const std::uint32_t kind = *known >> 8;
    const std::uint32_t outcome = *known & 0xff;
    if (kind != kUndecided) {
      both.kind = static_cast<EventKind>(kind);
    }
    if (outcome != kUndecided) {
      both.outcome = static_cast<EventOutcome>(outcome);
    }
    return both;
  }
  plan.gain.Missed();
  const Verdict both = DecideAnew(mapping, plan, value, values, event);
  const auto kind =
      both.kind ? static_cast<std::uint32_t>(*both.kind) : kUndecided;
  const auto outcome =
      both.outcome ? static_cast<std::uint32_t>(*both.outcome) : kUndecided;
  values.memo().Remember(key, kind << 8 | outcome);
  return both;
}

}  // namespace authseal
