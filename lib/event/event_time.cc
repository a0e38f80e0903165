#include "lib/event/event_time.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "lib/base/time.h"
#include "lib/event/usual_time.h"

namespace authseal {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Reads a text from the front; every Take leaves it alone when it fails.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool Take(char c) {
    if (peek() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeAny(std::string_view bytes) {
    if (rest_.empty() || bytes.find(rest_.front()) == std::string_view::npos) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeWord(std::string_view word) {
    if (!rest_.starts_with(word)) {
      return false;
    }
    rest_.remove_prefix(word.size());
    return true;
  }
  void SkipSpaces() {
    while (Take(' ')) {
    }
  }
  // A number of `min` to `max` digits.
  bool TakeNumber(std::size_t min, std::size_t max, int& out) {
    std::size_t count = 0;
    int number = 0;
    while (count < max && count < rest_.size() && IsDigit(rest_[count])) {
      number = number * 10 + (rest_[count] - '0');
      ++count;
    }
    if (count < min) {
      return false;
    }
    rest_.remove_prefix(count);
    out = number;
    return true;
  }
  // ".123" or ",123" as nanoseconds; nothing there is zero.
  bool TakeFraction(std::int64_t& nanos) {
    nanos = 0;
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') ||
        !IsDigit(rest_[1])) {
      return true;
    }
    rest_.remove_prefix(1);
    std::int64_t unit = 100'000'000;
    while (!rest_.empty() && IsDigit(rest_.front())) {
      nanos += unit * (rest_.front() - '0');
      unit /= 10;
      rest_.remove_prefix(1);
    }
    return true;
  }
  bool TakeZone(int& offset_minutes) {
    offset_minutes = 0;
    SkipSpaces();
    if (TakeAny("Zz") || TakeWord("UTC") || TakeWord("GMT")) {
      return true;
    }
    if (peek() != '+' && peek() != '-') {
      return true;
    }
    const int sign = peek() == '-' ? -1 : 1;
    rest_.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    if (!TakeNumber(2, 2, hours)) {
      return false;
    }
    Take(':');
    if (IsDigit(peek()) && !TakeNumber(2, 2, minutes)) {
      return false;
    }
    offset_minutes = sign * (hours * 60 + minutes);
    return hours < 24 && minutes < 60;
  }
  // hh:mm[:ss[.fraction]]
  bool TakeClock(CivilTime& civil) {
    if (!TakeNumber(1, 2, civil.hour) || !Take(':') ||
        !TakeNumber(2, 2, civil.minute)) {
      return false;
    }
    if (!Take(':')) {
      return true;
    }
    return TakeNumber(2, 2, civil.second) && TakeFraction(civil.nanos);
  }

 private:
  std::string_view rest_;
};

std::optional<UnixNanos> Finish(TimeReader& reader, const CivilTime& civil) {
  int offset_minutes = 0;
  if (!reader.TakeZone(offset_minutes)) {
    return std::nullopt;
  }
  reader.SkipSpaces();
  return reader.empty() ? CivilToUnix(civil, offset_minutes) : std::nullopt;
}

std::optional<UnixNanos> ParseIso(std::string_view text) {
  TimeReader reader(text);
  CivilTime civil;
  if (!reader.TakeNumber(4, 4, civil.year) || !reader.TakeAny("-/") ||
      !reader.TakeNumber(2, 2, civil.month) || !reader.TakeAny("-/") ||
      !reader.TakeNumber(2, 2, civil.day)) {
    return std::nullopt;
  }
  if (reader.empty()) {
    return CivilToUnix(civil, 0);
  }
  if (!reader.TakeAny("Tt ") || !reader.TakeClock(civil)) {
    return std::nullopt;
  }
  return Finish(reader, civil);
}

// yyyyMMdd[T]HHmmss: no epoch number of these years has 14 digits.
std::optional<UnixNanos> ParseCompact(std::string_view text) {
  TimeReader reader(text);
  CivilTime civil;
  if (!reader.TakeNumber(4, 4, civil.year) ||
      !reader.TakeNumber(2, 2, civil.month) ||
      !reader.TakeNumber(2, 2, civil.day)) {
    return std::nullopt;
  }
  reader.Take('T');
  if (!reader.TakeNumber(2, 2, civil.hour) ||
      !reader.TakeNumber(2, 2, civil.minute) ||
      !reader.TakeNumber(2, 2, civil.second) || IsDigit(reader.peek()) ||
      civil.year < 1970 || civil.year > 2261) {
    return std::nullopt;
  }
  reader.TakeFraction(civil.nanos);
  return Finish(reader, civil);
}

std::optional<UnixNanos> ParseUsDate(std::string_view text) {
  TimeReader reader(text);
  CivilTime civil;
  if (!reader.TakeNumber(1, 2, civil.month) || !reader.Take('/') ||
      !reader.TakeNumber(1, 2, civil.day) || !reader.Take('/') ||
      !reader.TakeNumber(4, 4, civil.year) || !reader.Take(' ') ||
      !reader.TakeClock(civil)) {
    return std::nullopt;
  }
  reader.SkipSpaces();
  const bool afternoon = reader.TakeWord("PM") || reader.TakeWord("pm");
  if (afternoon || reader.TakeWord("AM") || reader.TakeWord("am")) {
    if (civil.hour < 1 || civil.hour > 12) {
      return std::nullopt;
    }
    civil.hour = civil.hour % 12 + (afternoon ? 12 : 0);
  }
  return Finish(reader, civil);
}

bool TakeMonth(TimeReader& reader, int& month) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun",
      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (reader.TakeWord(kMonths[i])) {
      month = static_cast<int>(i) + 1;
      return true;
    }
  }
  return false;
}

// CEF's "Mar 01 2026 12:00:00" and RFC 5322's "Sun, 1 Mar 2026 12:00:00 GMT".
std::optional<UnixNanos> ParseNamedMonth(std::string_view text) {
  const std::size_t comma = text.find(", ");
  TimeReader reader(comma == 3 ? text.substr(5) : text);
  CivilTime civil;
  const bool month_first = TakeMonth(reader, civil.month);
  reader.SkipSpaces();
  if (!reader.TakeNumber(1, 2, civil.day)) {
    return std::nullopt;
  }
  reader.Take(',');
  reader.SkipSpaces();
  if (!month_first && !TakeMonth(reader, civil.month)) {
    return std::nullopt;
  }
  reader.SkipSpaces();
  if (!reader.TakeNumber(4, 4, civil.year)) {
    return std::nullopt;
  }
  reader.SkipSpaces();
  return reader.TakeClock(civil) ? Finish(reader, civil) : std::nullopt;
}

std::int64_t NanosPerUnit(std::uint64_t magnitude) {
  if (magnitude < 100'000'000'000u) {
    return kNanosPerSecond;
  }
  if (magnitude < 100'000'000'000'000u) {
    return 1'000'000;
  }
  return magnitude < 100'000'000'000'000'000u ? 1'000 : 1;
}

std::optional<UnixNanos> ScaleEpoch(std::int64_t whole,
                                    std::string_view fraction) {
  const std::int64_t unit =
      NanosPerUnit(static_cast<std::uint64_t>(whole < 0 ? -whole : whole));
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(whole, unit, &nanos)) {
    return std::nullopt;
  }
  std::int64_t part = 0;
  std::int64_t digit_unit = unit / 10;
  for (const char digit : fraction) {
    part += digit_unit * (digit - '0');
    digit_unit /= 10;
  }
  if (__builtin_add_overflow(nanos, whole < 0 ? -part : part, &nanos)) {
    return std::nullopt;
  }
  return UnixNanos{nanos};
}

// "1.7e9", as some exporters write: the only way through a double.
std::optional<UnixNanos> ParseExponent(std::string_view text) {
  double number = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() ||
      !(std::fabs(number) < 9.2e18)) {
    return std::nullopt;
  }
  return ScaleEpoch(static_cast<std::int64_t>(number), {});
}

std::optional<UnixNanos> ParseEpoch(std::string_view text) {
  std::int64_t whole = 0;
  const char* const last = text.data() + text.size();
  const auto [end, fault] = std::from_chars(text.data(), last, whole);
  if (fault != std::errc() ||
      whole == std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  std::string_view rest(end, static_cast<std::size_t>(last - end));
  if (rest.find_first_of("eE") != std::string_view::npos) {
    return ParseExponent(text);
  }
  if (!rest.empty()) {
    if (rest.front() != '.') {
      return std::nullopt;
    }
    rest.remove_prefix(1);
    if (rest.find_first_not_of("0123456789") != std::string_view::npos) {
      return std::nullopt;
    }
  }
  return ScaleEpoch(whole, rest);
}

// Few digits and nothing else: no date is written so.
std::optional<UnixNanos> ParseUsualEpoch(std::string_view text) {
  constexpr std::size_t kDigitsMax = 13;  // of 14, a compact date may have them
  if (text.size() > kDigitsMax) {
    return std::nullopt;
  }
  std::int64_t whole = 0;
  for (const char c : text) {
    if (!IsDigit(c)) {
      return std::nullopt;
    }
    whole = whole * 10 + (c - '0');
  }
  return ScaleEpoch(whole, {});
}

}  // namespace

std::optional<UnixNanos> ParseEventTime(std::string_view text) {
  constexpr std::size_t kTextMaxBytes = 64;
  if (text.size() < 4 || text.size() > kTextMaxBytes) {
    return text.empty() || text.size() > kTextMaxBytes ? std::nullopt
                                                       : ParseEpoch(text);
  }
  if (const auto usual = ParseUsualTime(text)) {
    return usual;
  }
  if (const auto usual = ParseUsualEpoch(text)) {
    return usual;
  }
  const std::size_t slash = text.find('/');
  if (slash < 3) {
    return ParseUsDate(text);
  }
  if (text.size() > 4 && (text[4] == '-' || slash == 4) && IsDigit(text[3])) {
    return ParseIso(text);
  }
  if (text.size() >= 14) {
    if (const auto compact = ParseCompact(text)) {
      return compact;
    }
  }
  if (const auto epoch = ParseEpoch(text)) {
    return epoch;
  }
  return ParseNamedMonth(text);
}

}  // namespace authseal
