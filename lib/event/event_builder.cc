#include "lib/event/event_builder.h"

#include "lib/event/field_value.h"
#include "lib/event/mapping_plan.h"

namespace authseal {
namespace {

constexpr std::string_view kTokenExchangeGrant =
    "urn:ietf:params:oauth:grant-type:token-exchange";

// What holds for every provider, whatever its mapping says.
void ApplyGeneralRules(Event& event) {
  if (event.kind == EventKind::kTokenIssue) {
    if (event.grant == "refresh_token") {
      event.kind = EventKind::kTokenRefresh;
    } else if (event.grant == kTokenExchangeGrant) {
      event.kind = EventKind::kTokenExchange;
    }
  }
  // Some providers call the detection of a reuse a success.
  if (event.kind == EventKind::kTokenReuse) {
    event.outcome = EventOutcome::kFailure;
  }
}

// How the events of one value are built. `plan` may be null.
struct Building {
  const Mapping& mapping;
  JsonValue value;
  MappingPlan* plan;
  EventFieldSet wanted;  // with all that others follow from
  RecordValues& values;
};

void FillFields(const Building& building, Event& event) {
  RecordValues& values = building.values;
  const auto is_wanted = [&building](const FieldRule& rule) {
    return (building.wanted & FieldBit(rule.field)) != 0;
  };
  if (building.plan == nullptr) {
    for (const FieldRule& rule : building.mapping.fields) {
      if (is_wanted(rule)) {
        FillField(rule, std::span<const SlotRef>(rule.from), building.value,
                  values, event);
      }
    }
    return;
  }
  const std::span<const PlacedRef> refs = building.plan->refs;
  for (const MappingPlan::Field& field : building.plan->fields) {
    if (is_wanted(*field.rule)) {
      FillField(*field.rule,
                refs.subspan(field.first_ref, field.end_ref - field.first_ref),
                building.value, values, event);
    }
  }
}

void BuildOne(const Building& building, Event& event) {
  event.provider = building.mapping.name;
  FillFields(building, event);
  const Verdict verdict =
      building.plan == nullptr
          ? DecideBoth(building.mapping, building.values, event)
          : DecideBoth(building.mapping, *building.plan, building.value,
                       building.values, event);
  event.kind = verdict.kind.value_or(event.kind);
  event.outcome = verdict.outcome.value_or(event.outcome);
  ApplyGeneralRules(event);
}

// Whether the list has room for more.
bool BuildItem(const Building& building, JsonValue item, std::size_t mark,
               EventList& events) {
  Event* const event = events.Next();
  if (event == nullptr) {
    return false;
  }
  building.values.Rewind(mark);
  building.mapping.plan.FillItem(item, building.values);
  BuildOne(building, *event);
  return true;
}

std::optional<JsonValue> JsonAt(const std::optional<SlotRef>& ref,
                                RecordValues& values) {
  if (!ref) {
    return std::nullopt;
  }
  const SlotValue& slot = values.slot(ref->slot);
  return slot.state == SlotValue::State::kJson ? std::optional(slot.json)
                                               : std::nullopt;
}

// The number of events built.
std::size_t BuildItems(const Building& building, EventList& events) {
  const Mapping& mapping = building.mapping;
  RecordValues& values = building.values;
  const std::size_t before = events.size();
  const std::size_t mark = values.Mark();
  const auto list = JsonAt(mapping.each, values);
  if (list && list->is_object()) {
    BuildItem(building, *list, mark, events);
  }
  const auto members = JsonAt(mapping.each_member, values);
  const bool has_items =
      (list && list->is_array()) || (members && members->is_object());
  if (has_items) {
    auto item =
        list && list->is_array() ? list->FirstChild() : members->FirstChild();
    while (item && BuildItem(building, *item, mark, events)) {
      item = item->NextSibling();
    }
  }
  return events.size() - before;
}

}  // namespace

Event* EventList::Next() {
  if (used_ == kEventsMax) {
    return nullptr;
  }
  if (used_ == events_.size()) {
    events_.emplace_back();
  }
  Event& event = events_[used_++];
  ClearEvent(event);
  if (used_ == kEventsMax) {
    event.provider = "authseal";
    event.raw_kind = "too-many-events";
    return nullptr;
  }
  return &event;
}

void BuildEvents(const Mapping& mapping, JsonValue value, EventFieldSet wanted,
                 RecordValues& values, EventList& events) {
  // A token's id may be its fingerprint; the grant tells kinds apart.
  constexpr EventFieldSet kAlways = FieldBit(EventField::kTokenId) |
                                    FieldBit(EventField::kTokenFingerprint) |
                                    FieldBit(EventField::kGrant);
  const Building building{mapping, value, FillByPlan(mapping, value, values),
                          wanted | kAlways | mapping.decision_inputs.fields,
                          values};
  if ((mapping.each || mapping.each_member) &&
      BuildItems(building, events) > 0) {
    return;
  }
  if (Event* const event = events.Next()) {
    BuildOne(building, *event);
  }
}

}  // namespace authseal
