#include "lib/event/event_builder.h"

#include "lib/event/field_value.h"

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

void BuildOne(const Mapping& mapping, RecordValues& values, Event& event) {
  event.provider = mapping.name;
  for (const FieldRule& rule : mapping.fields) {
    FillField(rule, values, event);
  }
  const auto kind = Decide(mapping.kind, values, event);
  if (kind && kind->kind) {
    event.kind = *kind->kind;
  }
  if (kind && kind->outcome) {
    event.outcome = *kind->outcome;
  } else if (const auto outcome = Decide(mapping.outcome, values, event);
             outcome && outcome->outcome) {
    event.outcome = *outcome->outcome;
  }
  ApplyGeneralRules(event);
}

// Whether the list has room for more.
bool BuildItem(const Mapping& mapping, JsonValue item, std::size_t mark,
               RecordValues& values, EventList& events) {
  Event* const event = events.Next();
  if (event == nullptr) {
    return false;
  }
  values.Rewind(mark);
  mapping.plan.FillItem(item, values);
  BuildOne(mapping, values, *event);
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
std::size_t BuildItems(const Mapping& mapping, RecordValues& values,
                       EventList& events) {
  const std::size_t before = events.size();
  const std::size_t mark = values.Mark();
  const auto list = JsonAt(mapping.each, values);
  if (list && list->is_object()) {
    BuildItem(mapping, *list, mark, values, events);
  }
  const auto members = JsonAt(mapping.each_member, values);
  const bool has_items =
      (list && list->is_array()) || (members && members->is_object());
  if (has_items) {
    auto item =
        list && list->is_array() ? list->FirstChild() : members->FirstChild();
    while (item && BuildItem(mapping, *item, mark, values, events)) {
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

void BuildEvents(const Mapping& mapping, JsonValue value, RecordValues& values,
                 EventList& events) {
  mapping.plan.Fill(value, values);
  if ((mapping.each || mapping.each_member) &&
      BuildItems(mapping, values, events) > 0) {
    return;
  }
  if (Event* const event = events.Next()) {
    BuildOne(mapping, values, *event);
  }
}

}  // namespace authseal
