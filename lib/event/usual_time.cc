#include "lib/event/usual_time.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/base/time.h"

namespace authseal {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Two digits; else 100 or more.
unsigned TwoDigits(const char* text) {
  const auto high = static_cast<unsigned>(static_cast<unsigned char>(text[0]));
  const auto low = static_cast<unsigned>(static_cast<unsigned char>(text[1]));
  const bool digits = high - '0' < 10 && low - '0' < 10;
  return digits ? (high - '0') * 10 + (low - '0') : 100;
}

// Z or +hh:mm, in minutes.
std::optional<int> UsualZone(std::string_view zone) {
  if (zone == "Z") {
    return 0;
  }
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') ||
      zone[3] != ':') {
    return std::nullopt;
  }
  const unsigned hours = TwoDigits(zone.data() + 1);
  const unsigned minutes = TwoDigits(zone.data() + 4);
  if (hours > 23 || minutes > 59) {
    return std::nullopt;
  }
  const int offset = static_cast<int>(hours * 60 + minutes);
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<UnixNanos> ParseUsualTime(std::string_view text) {
  constexpr std::size_t kSecondsEnd = 19;
  constexpr std::size_t kFractionDigitsMax = 9;
  constexpr std::array<std::int64_t, kFractionDigitsMax + 1> kUnits = {
      1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
      10'000,        1'000,       100,        10,        1};
  const char* const at = text.data();
  if (text.size() <= kSecondsEnd || at[4] != '-' || at[7] != '-' ||
      at[10] != 'T' || at[13] != ':' || at[16] != ':') {
    return std::nullopt;
  }
  const unsigned century = TwoDigits(at);
  const unsigned year = TwoDigits(at + 2);
  const unsigned month = TwoDigits(at + 5);
  const unsigned day = TwoDigits(at + 8);
  const unsigned hour = TwoDigits(at + 11);
  const unsigned minute = TwoDigits(at + 14);
  const unsigned second = TwoDigits(at + 17);
  if (std::max({century, year, month, day, hour, minute, second}) > 99) {
    return std::nullopt;
  }
  std::size_t end = kSecondsEnd;
  std::int64_t nanos = 0;
  if (at[end] == '.') {
    ++end;
    while (end < text.size() && IsDigit(at[end]) &&
           end - kSecondsEnd <= kFractionDigitsMax) {
      nanos = nanos * 10 + (at[end] - '0');
      ++end;
    }
    nanos *= kUnits[end - kSecondsEnd - 1];
  }
  const std::optional<int> offset_minutes = UsualZone(text.substr(end));
  if (!offset_minutes || end == kSecondsEnd + 1) {
    return std::nullopt;
  }
  return CivilToUnix({.year = static_cast<int>(century * 100 + year),
                      .month = static_cast<int>(month),
                      .day = static_cast<int>(day),
                      .hour = static_cast<int>(hour),
                      .minute = static_cast<int>(minute),
                      .second = static_cast<int>(second),
                      .nanos = nanos},
                     *offset_minutes);
}

}  // namespace authseal
