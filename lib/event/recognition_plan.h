// Which mapping recognises the values of one shape, remembered by what the
// conditions read of them.
#ifndef AUTHSEAL_EVENT_RECOGNITION_PLAN_H_
#define AUTHSEAL_EVENT_RECOGNITION_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lib/event/condition.h"
#include "lib/event/record_values.h"
#include "lib/event/shape_plans.h"
#include "lib/event/value_memo.h"

namespace authseal {

// One question about one value: which of the mappings [first, end) is it of?
class RecognitionQuestion {
 public:
  RecognitionQuestion(JsonValue value, std::size_t first, std::size_t end)
      : value_(value), first_(first), end_(end) {}

  // True where the answer is known; `answer` is then what it is.
  bool Recall(RecognitionPlan* plan, ValueMemo& memo,
              std::optional<std::size_t>& answer);

  // Keeps the answer for the next value like this one. The slots of `values`
  // are full, `candidates` the numbers of the conditions that were tried.
  void Keep(RecognitionPlan& plan, std::span<const std::uint16_t> candidates,
            std::span<const Condition> conditions, RecordValues& values,
            std::optional<std::size_t> answer);

 private:
  void AddTexts(const Condition& condition, const RecordValues& values,
                std::vector<std::uint32_t>& texts) const;
  MemoKey KeyOf(const RecognitionPlan::Variant& variant) const;

  JsonValue value_;
  std::size_t first_;
  std::size_t end_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_RECOGNITION_PLAN_H_
