#include "lib/query/needle_prefilter.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "lib/base/encoding.h"
#include "lib/event/field_value.h"

namespace authseal {

namespace {

// Bytes of a literal between whose ends it is looked for.
constexpr std::size_t kPairReachBytes = 64;
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

// JSON has escapes of two characters for these and control characters; for
// every character it has \uXXXX. What undoes the escapes of quoted values only
// takes backslashes from before these.
bool HasShortEscape(char c) {
  return c == '"' || c == '\\' || c == '/' || c == '\'' ||
         static_cast<unsigned char>(c) < 0x20;
}

// -1: none.
int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The place of the next %XX at or after `at` that stands for one of `bytes`;
// `end` when there is none.
const char* FindEncoded(const char* at, const char* end,
                        const std::bitset<256>& bytes) {
  while (end - at >= 3) {
    const auto* const percent = static_cast<const char*>(
        std::memchr(at, '%', static_cast<std::size_t>(end - at - 2)));
    if (percent == nullptr) {
      return end;
    }
    const int high = HexDigit(percent[1]);
    const int low = HexDigit(percent[2]);
    if (high >= 0 && low >= 0 &&
        bytes[static_cast<std::size_t>(high * 16 + low)]) {
      return percent;
    }
    at = percent + 1;
  }
  return end;
}

// The record of `records`, from `first` on, in which `place` lies.
std::vector<std::string_view>::const_iterator RecordAt(
    const std::vector<std::string_view>& records,
    std::vector<std::string_view>::const_iterator first, const char* place) {
  return std::upper_bound(first, records.end(), place,
                          [](const char* wanted, std::string_view record) {
                            return std::less<>()(wanted, record.data());
                          }) -
         1;
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
  escapes_ = EscapeStops::kUnicode;
  for (const std::string& literal : literals_) {
    for (const char c : literal) {
      encoded_.set(static_cast<unsigned char>(c));
      escapes_ = HasShortEscape(c) ? EscapeStops::kAll : escapes_;
    }
  }
  encoded_.set('%');  // whatever is encoded twice
  if (std::any_of(values.begin(), values.end(), [](const std::string& value) {
        return value.find(' ') != std::string::npos;
      })) {
    literals_.emplace_back("+");
  }
}

// Every record in which `literal` stands, or one of the escapes.
void NeedlePrefilter::Keep(const std::vector<std::string_view>& records,
                           std::string_view literal) {
  const char* const begin = records.front().data();
  const std::string_view text(
      begin, static_cast<std::size_t>(records.back().data() - begin) +
                 records.back().size());
  const std::size_t last = std::min(literal.size(), kPairReachBytes) - 1;
  const PairPattern ends = {.first = literal.front(),
                            .second = literal[last],
                            .first_at = 0,
                            .second_at = last};
  auto record = records.begin();
  std::size_t at = 0;
  while (at < text.size() &&
         (at = FindPair(text, at, ends, escapes_)) != std::string_view::npos) {
    if (text[at] != '\\' && !text.substr(at).starts_with(literal)) {
      ++at;
      continue;
    }
    record = RecordAt(records, record, begin + at);
    kept_[static_cast<std::size_t>(record - records.begin())] = 1;
    at = static_cast<std::size_t>(record->data() - begin) + record->size();
  }
}

void NeedlePrefilter::KeepPercentEncoded(
    const std::vector<std::string_view>& records) {
  const char* at = records.front().data();
  const char* const end = records.back().data() + records.back().size();
  auto record = records.begin();
  while (at < end) {
    const char* const found = FindEncoded(at, end, encoded_);
    if (found == end) {
      return;
    }
    record = RecordAt(records, record, found);
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
  KeepPercentEncoded(records);
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i] != 0) {
      candidates.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

}  // namespace authseal
