#include "lib/event/recogniser.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"

namespace authseal {
namespace {

// NOLINTNEXTLINE(misc-no-recursion): as deep as the mapping
void CollectRequired(const Condition& condition,
                     std::vector<SlotIndex>& required) {
  if (condition.type == Condition::Type::kAll) {
    for (const Condition& part : condition.parts) {
      CollectRequired(part, required);
    }
  }
  if (condition.type == Condition::Type::kTest &&
      condition.test.shape != ValueTest::Shape::kAbsent &&
      condition.operand.refs.size() == 1) {
    required.push_back(condition.operand.refs[0].slot);
  }
}

}  // namespace

Status Recogniser::Add(const MappingText& text) {
  Entry entry;
  TRY_ASSIGN(entry.condition, CompileRecognition(text, plan_));
  CollectRequired(entry.condition, entry.required);
  entries_.push_back(std::move(entry));
  return Ok();
}

void Recogniser::WatchEnvelopes(std::span<const std::string_view> pointers) {
  for (const std::string_view pointer : pointers) {
    const auto ref = plan_.Add(pointer);
    AUTHSEAL_CHECK(ref.has_value());
    envelopes_.push_back(*ref);
  }
}

void Recogniser::TakeEnvelopes(const RecordValues& values,
                               std::span<std::optional<JsonValue>> out) const {
  for (std::size_t i = 0; i < envelopes_.size(); ++i) {
    const SlotValue& slot = values.slot(envelopes_[i].slot);
    if (slot.state == SlotValue::State::kJson) {
      out[i] = slot.json;
    }
  }
}

std::optional<std::size_t> Recogniser::Find(JsonValue value, std::size_t first,
                                            std::size_t end,
                                            RecordValues& values) const {
  plan_.Fill(value, values);
  for (std::size_t i = first; i < end; ++i) {
    const Entry& entry = entries_[i];
    const bool possible = std::all_of(
        entry.required.begin(), entry.required.end(),
        [&values](SlotIndex slot) { return values.slot(slot).present(); });
    if (possible && Holds(entry.condition, values, nullptr)) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace authseal
