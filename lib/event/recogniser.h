// Which mapping a value belongs to: the first, in order, whose `recognise`
// holds. One walk over the value serves all mappings.
#ifndef AUTHSEAL_EVENT_RECOGNISER_H_
#define AUTHSEAL_EVENT_RECOGNISER_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/condition.h"
#include "lib/event/mapping_compiler.h"
#include "lib/event/record_values.h"
#include "lib/event/slot_plan.h"

namespace authseal {

// Const use is safe from many threads.
class Recogniser {
 public:
  // The next mapping in order; its number is the count of those before.
  Status Add(const MappingText& text);

  // Pointers whose values TakeEnvelopes hands out after a walk.
  void WatchEnvelopes(std::span<const std::string_view> pointers);

  // The first of the mappings [first, end) that recognises `value`.
  std::optional<std::size_t> Find(JsonValue value, std::size_t first,
                                  std::size_t end, RecordValues& values) const;

  // What is at the watched pointers of the value that Find was last asked
  // about, in their order.
  void TakeEnvelopes(JsonValue value, RecordValues& values,
                     std::span<std::optional<JsonValue>> out) const;

 private:
  const std::vector<std::uint16_t>& Candidates(RecordValues& values) const;
  RecognitionPlan* NewPlan(JsonValue value, RecordValues& values) const;
  const std::vector<std::uint16_t>& CandidatesByTypes(
      RecordValues& values) const;

  SlotPlan plan_;
  std::vector<Condition> conditions_;
  std::vector<SlotRef> envelopes_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_RECOGNISER_H_
