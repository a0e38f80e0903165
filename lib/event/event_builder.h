// From one recognised value to its events.
#ifndef AUTHSEAL_EVENT_EVENT_BUILDER_H_
#define AUTHSEAL_EVENT_EVENT_BUILDER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "lib/event/event.h"
#include "lib/event/event_field.h"
#include "lib/event/mapping.h"
#include "lib/event/record_values.h"

namespace authseal {

// The events of one record, written over those of the record before, so that
// their memory is used again.
class EventList {
 public:
  // A record cannot make more: beyond it, one event says so.
  static constexpr std::size_t kEventsMax = std::size_t{1} << 17;

  explicit EventList(std::vector<Event>& events) : events_(events) {}

  // An empty event; nullptr when the limit is reached.
  Event* Next();
  // Drops what is left of the record before.
  void Finish() { events_.resize(used_); }
  std::size_t size() const { return used_; }

 private:
  std::vector<Event>& events_;
  std::size_t used_ = 0;
};

// Adds at least one event, unless the list is full. Fields that are not
// `wanted` may stay empty.
void BuildEvents(const Mapping& mapping, JsonValue value, EventFieldSet wanted,
                 RecordValues& values, EventList& events);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_EVENT_BUILDER_H_
