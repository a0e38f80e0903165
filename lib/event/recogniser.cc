#include "lib/event/recogniser.h"

#include <string>
#include <utility>

#include "lib/base/check.h"
#include "lib/event/recognition_plan.h"

namespace authseal {
namespace {

// Logs have few shapes; a stream of ever new ones must not cost memory.
constexpr std::size_t kShapesMax = 1024;

}  // namespace

Status Recogniser::Add(const MappingText& text) {
  TRY_ASSIGN(Condition condition, CompileRecognition(text, plan_));
  conditions_.push_back(std::move(condition));
  return Ok();
}

void Recogniser::WatchEnvelopes(std::span<const std::string_view> pointers) {
  for (const std::string_view pointer : pointers) {
    const auto ref = plan_.Add(pointer);
    AUTHSEAL_CHECK(ref.has_value());
    envelopes_.push_back(*ref);
  }
}

void Recogniser::TakeEnvelopes(JsonValue value, RecordValues& values,
                               std::span<std::optional<JsonValue>> out) const {
  if (!values.is_recognition_full()) {
    plan_.Fill(value, values);
    values.set_recognition_full(true);
  }
  for (std::size_t i = 0; i < envelopes_.size(); ++i) {
    const SlotValue& slot = values.slot(envelopes_[i].slot);
    if (slot.state == SlotValue::State::kJson) {
      out[i] = slot.json;
    }
  }
}

// Those whose conditions the types of the values leave open. Most conditions
// fail because a member is not there, and the records of a log have the same
// members again and again.
const std::vector<std::uint16_t>& Recogniser::Candidates(
    RecordValues& values) const {
  ShapeWalk* const walk = values.walk();
  if (walk == nullptr) {
    return CandidatesByTypes(values);
  }
  // All other slots are empty, so these types are all there is to know.
  std::vector<std::uint32_t>& types = values.types();
  types.clear();
  for (const SlotIndex slot : values.touched()) {
    types.push_back(std::uint32_t{slot} << 8 | TypeCode(values.slot(slot)));
  }
  if (walk->types.empty() || walk->types != types) {
    walk->types = types;
    walk->candidates = CandidatesByTypes(values);
  }
  return walk->candidates;
}

const std::vector<std::uint16_t>& Recogniser::CandidatesByTypes(
    RecordValues& values) const {
  std::string& shape = values.shape();
  shape.assign(plan_.slot_count(), '\0');
  for (const SlotIndex slot : values.touched()) {
    shape[slot] = static_cast<char>(TypeCode(values.slot(slot)));
  }
  CandidatesByShape& known = values.candidates();
  if (const auto found = known.find(shape); found != known.end()) {
    return found->second;
  }
  if (known.size() >= kShapesMax) {
    known.clear();
  }
  std::vector<std::uint16_t> candidates;
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    if (MayHold(conditions_[i], values)) {
      candidates.push_back(static_cast<std::uint16_t>(i));
    }
  }
  return known.emplace(shape, std::move(candidates)).first->second;
}

std::optional<std::size_t> Recogniser::Find(JsonValue value, std::size_t first,
                                            std::size_t end,
                                            RecordValues& values) const {
  RecognitionQuestion question(value, first, end);
  std::optional<std::size_t> answer;
  RecognitionPlan* plan = values.recognition_plans().Find(this, value);
  if (question.Recall(plan, values.memo(), answer)) {
    values.set_recognition_full(false);
    return answer;
  }
  plan_.Fill(value, values);
  values.set_recognition_full(true);
  const std::vector<std::uint16_t>& candidates = Candidates(values);
  for (const std::size_t i : candidates) {
    if (i >= first && i < end && Holds(conditions_[i], values, nullptr)) {
      answer = i;
      break;
    }
  }
  if (plan == nullptr) {
    plan = NewPlan(value, values);
  }
  if (plan != nullptr && !plan->places.empty()) {
    question.Keep(*plan, candidates, conditions_, values, answer);
  }
  return answer;
}

RecognitionPlan* Recogniser::NewPlan(JsonValue value,
                                     RecordValues& values) const {
  RecognitionPlan* plan = nullptr;
  if (const ShapeWalk* walk = values.walk()) {
    plan = values.recognition_plans().Add(this, value);
    const std::vector<TriePath::Place>& places = walk->path.places;
    if (plan != nullptr && places.size() <= RecognitionPlan::kPlacesMax &&
        plan_.IsAllOf(walk->path)) {
      plan->places = places;
    }
  }
  return plan;
}

}  // namespace authseal
