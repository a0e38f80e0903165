#include "lib/event/recognition_plan.h"

#include <algorithm>
#include <array>

namespace authseal {
namespace {

constexpr std::uint32_t kNone = 0xffff'ffff;

using Types = std::array<std::uint8_t, RecognitionPlan::kPlacesMax>;

std::span<const std::uint8_t> TypesOf(JsonValue value,
                                      const RecognitionPlan& plan,
                                      Types& types) {
  std::size_t count = 0;
  for (const TriePath::Place& place : plan.places) {
    types[count++] =
        static_cast<std::uint8_t>(value.Numbered(place.value).type());
  }
  return std::span(types).first(count);
}

RecognitionPlan::Variant* FindVariant(RecognitionPlan& plan,
                                      std::span<const std::uint8_t> types,
                                      std::size_t first, std::size_t end) {
  for (RecognitionPlan::Variant& variant : plan.variants) {
    if (std::equal(types.begin(), types.end(), variant.types.begin(),
                   variant.types.end()) &&
        variant.first == first && variant.end == end) {
      return &variant;
    }
  }
  return nullptr;
}

}  // namespace

MemoKey RecognitionQuestion::KeyOf(
    const RecognitionPlan::Variant& variant) const {
  MemoKey key(variant.memo_owner);
  for (const std::uint32_t number : variant.texts) {
    key.AddText(value_.Numbered(number).raw());
  }
  return key;
}

bool RecognitionQuestion::Recall(RecognitionPlan* plan, ValueMemo& memo,
                                 std::optional<std::size_t>& answer) {
  if (plan == nullptr || plan->places.empty()) {
    return false;
  }
  Types types;
  RecognitionPlan::Variant* const variant =
      FindVariant(*plan, TypesOf(value_, *plan, types), first_, end_);
  if (variant == nullptr || !variant->gain.expected()) {
    return false;
  }
  const MemoKey key = KeyOf(*variant);
  const auto known = key.fits() ? memo.Find(key) : std::nullopt;
  if (!known) {
    variant->gain.Missed();
    return false;
  }
  variant->gain.Found();
  answer = *known == kNone ? std::nullopt : std::optional<std::size_t>(*known);
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the mapping, never the record
void RecognitionQuestion::AddTexts(const Condition& condition,
                                   const RecordValues& values,
                                   std::vector<std::uint32_t>& texts) const {
  for (const Condition& part : condition.parts) {
    AddTexts(part, values, texts);
  }
  if (condition.type != Condition::Type::kTest ||
      !condition.test.needs_text()) {
    return;
  }
  // Which is the first that is present follows from the types; a member's name
  // follows from the shape.
  const auto ref = condition.operand.Find(values);
  if (!ref || ref->member_name) {
    return;
  }
  const JsonValue value = values.slot(ref->slot).json;
  if (!value.is_object() && !value.is_array() &&
      std::find(texts.begin(), texts.end(), value.number()) == texts.end()) {
    texts.push_back(value.number());
  }
}

void RecognitionQuestion::Keep(RecognitionPlan& plan,
                               std::span<const std::uint16_t> candidates,
                               std::span<const Condition> conditions,
                               RecordValues& values,
                               std::optional<std::size_t> answer) {
  Types all;
  const std::span<const std::uint8_t> types = TypesOf(value_, plan, all);
  RecognitionPlan::Variant* variant = FindVariant(plan, types, first_, end_);
  if (variant == nullptr) {
    if (plan.variants.size() == RecognitionPlan::kVariantsMax) {
      return;
    }
    variant = &plan.variants.emplace_back();
    variant->types.assign(types.begin(), types.end());
    variant->first = first_;
    variant->end = end_;
    variant->memo_owner = values.memo().NewOwner();
    for (const std::size_t i : candidates) {
      if (i < first_ || i >= end_) {
        continue;
      }
      AddTexts(conditions[i], values, variant->texts);
      if (MustHold(conditions[i], values)) {
        break;  // those behind it are never asked
      }
    }
  }
  if (!variant->gain.expected()) {
    return;
  }
  const MemoKey key = KeyOf(*variant);
  if (key.fits() && !values.memo().Find(key)) {
    values.memo().Remember(
        key, answer ? static_cast<std::uint32_t>(*answer) : kNone);
  }
}

}  // namespace authseal
