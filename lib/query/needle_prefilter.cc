#include "lib/query/needle_prefilter.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "lib/base/encoding.h"
#include "lib/event/field_value.h"

namespace authseal {

namespace {

// Each is looked for in the whole block.
constexpr std::size_t kValuesMax = 8;
// The last digit of base64 of 32 bytes has bits that nobody need set to zero.
constexpr std::size_t kExactBase64Digits = 42;

// The values that one of an event's fields must have; of several such filters
// the one that fewest records meet.
const std::vector<std::string>& ValuesOf(const EventFilter& filter) {
  for (const auto* values :
       {&filter.tokens, &filter.request_ids, &filter.sessions, &filter.users}) {
    if (!values->empty()) {
      return *values;
    }
  }
  return filter.clients;
}

// "sha256:…" as a provider may have written it instead.
void AddBase64Of(std::string_view fingerprint,
                 std::vector<std::string>& literals) {
  const auto hash =
      HexDecodeHash(fingerprint.substr(std::string_view("sha256:").size()));
  if (hash.has_value()) {
    literals.push_back(
        Base64Encode(hash->view()).substr(0, kExactBase64Digits));
  }
}

}  // namespace

NeedlePrefilter::NeedlePrefilter(const EventFilter& filter,
                                 bool only_built_in) {
  const std::vector<std::string>& values = ValuesOf(filter);
  if (!only_built_in || values.size() > kValuesMax ||
      std::any_of(values.begin(), values.end(),
                  [](const std::string& value) { return value.empty(); })) {
    return;
  }
  for (const std::string& value : values) {
    literals_.push_back(value);
    if (IsFingerprint(value)) {
      AddBase64Of(value, literals_);
    }
  }
  if (literals_.empty()) {
    return;
  }
  literals_.emplace_back("\\");
  literals_.emplace_back("%");
  if (std::any_of(values.begin(), values.end(), [](const std::string& value) {
        return value.find(' ') != std::string::npos;
      })) {
    literals_.emplace_back("+");
  }
}

// Every record in which `literal` stands.
void NeedlePrefilter::Keep(const std::vector<std::string_view>& records,
                           std::string_view literal) {
  const char* at = records.front().data();
  const char* const end = records.back().data() + records.back().size();
  auto record = records.begin();
  while (at < end) {
    const void* const found = ::memmem(at, static_cast<std::size_t>(end - at),
                                       literal.data(), literal.size());
    if (found == nullptr) {
      return;
    }
    const auto behind =
        std::upper_bound(record, records.end(), static_cast<const char*>(found),
                         [](const char* place, std::string_view one) {
                           return std::less<>()(place, one.data());
                         });
    record = behind - 1;
    kept_[static_cast<std::size_t>(record - records.begin())] = 1;
    at = record->data() + record->size();
  }
}

void NeedlePrefilter::Find(const std::vector<std::string_view>& records,
                           std::span<const MarkRun> marks,
                           std::vector<std::uint32_t>& candidates) {
  candidates.clear();
  if (records.empty()) {
    return;
  }
  kept_.assign(records.size(), 0);
  for (const MarkRun& run : marks) {
    std::fill_n(kept_.begin() + run.first, run.count, std::uint8_t{1});
  }
  for (const std::string& literal : literals_) {
    Keep(records, literal);
  }
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i] != 0) {
      candidates.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

}  // namespace authseal
