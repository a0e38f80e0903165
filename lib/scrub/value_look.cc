#include "lib/scrub/value_look.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "lib/base/utf8.h"
#include "lib/scrub/characters.h"

namespace authseal {
namespace {

constexpr std::size_t kRandomBytesMin = 20;
// Of chance over [A-Za-z0-9] more than half of the neighbours change class,
// of hex nearly half; of words with numbers about one in ten.
constexpr std::size_t kBytesPerChange = 6;
constexpr std::size_t kChangesMin = 4;
// Also a token when the digits are many, and it is no date.
constexpr std::size_t kDigitsMin = 4;
constexpr std::size_t kBytesPerDigit = 5;
constexpr std::size_t kBytesPerLetter = 6;

constexpr std::string_view kFingerprintPrefix = "sha256:";
constexpr std::size_t kDigestHexBytes = 64;

// Longer than any of kMaskWords with its brackets.
constexpr std::size_t kMaskBytesMax = 64;
constexpr std::array<std::string_view, 20> kMaskWords = {
    "redacted",  "filtered",  "masked",  "hidden",
    "removed",   "scrubbed",  "omitted", "sanitized",
    "null",      "none",      "nil",     "n/a",
    "undefined", "unknown",   "not set", "true",
    "false",     "protected", "empty",   "hidden_due_to_security_reasons"};

bool IsBracket(char c) {
  return std::string_view("[]<>(){}*_-").find(c) != std::string_view::npos;
}

bool IsFingerprint(std::string_view value) {
  return value.size() == kFingerprintPrefix.size() + kDigestHexBytes &&
         value.starts_with(kFingerprintPrefix) &&
         std::all_of(value.begin() + kFingerprintPrefix.size(), value.end(),
                     IsHex);
}

// Stars with at most four characters left on each side: "****abcd",
// "***...xyz", "1*****1".
bool IsStarred(std::string_view value) {
  constexpr std::size_t kLeftMax = 4;
  constexpr std::size_t kStarsMin = 3;
  const std::size_t first = value.find('*');
  if (first == std::string_view::npos || first > kLeftMax) {
    return false;
  }
  std::size_t last = first;
  last = RunEnd(value, last, [](char c) { return c == '*'; });
  const std::size_t stars = last - first;
  while (last < value.size() && value[last] == '.') {
    ++last;
  }
  return stars >= kStarsMin && value.size() - last <= kLeftMax;
}

// "xxxxxxxx", "XXXX", "....", "####".
bool IsFiller(std::string_view value) {
  constexpr std::size_t kFillerMin = 3;
  return value.size() >= kFillerMin &&
         std::string_view("xX.#*-_").find(value.front()) !=
             std::string_view::npos &&
         std::all_of(value.begin(), value.end(),
                     [&](char c) { return c == value.front(); });
}

// One character that is not ASCII again and again: bullets, Snowflake's faces.
bool IsBullets(std::string_view value) {
  constexpr std::size_t kBulletsMin = 3;
  const auto bullet = DecodeUtf8(value);
  if (!bullet.has_value() || bullet->value < 0x80 ||
      value.size() < kBulletsMin * bullet->size_bytes) {
    return false;
  }
  const std::string_view first = value.substr(0, bullet->size_bytes);
  while (value.starts_with(first)) {
    value.remove_prefix(first.size());
  }
  return value.empty();
}

enum class CharKind {
  kDigit,
  kUpper,
  kLower,
  kOther
};

CharKind KindOf(char c) {
  if (IsDigit(c)) {
    return CharKind::kDigit;
  }
  if (IsUpper(c)) {
    return CharKind::kUpper;
  }
  return IsLower(c) ? CharKind::kLower : CharKind::kOther;
}

}  // namespace

bool IsMasked(std::string_view value) {
  if (value.size() <= 1) {
    return value.empty() || value == "-" || value == "*";
  }
  if (IsFingerprint(value) || IsStarred(value) || IsFiller(value) ||
      IsBullets(value) || value.starts_with("Value is sensitive")) {
    return true;
  }
  if (value.size() > kMaskBytesMax) {
    return false;
  }
  while (!value.empty() && IsBracket(value.front())) {
    value.remove_prefix(1);
  }
  while (!value.empty() && IsBracket(value.back())) {
    value.remove_suffix(1);
  }
  return value.empty() || std::any_of(kMaskWords.begin(), kMaskWords.end(),
                                      [&](std::string_view word) {
                                        return EqualsFolded(value, word);
                                      });
}

bool IsRandomLooking(std::string_view value) {
  if (value.size() < kRandomBytesMin ||
      !std::all_of(value.begin(), value.end(), IsTokenChar)) {
    return false;
  }
  std::size_t changes = 0;
  std::size_t alnums = 0;
  std::size_t digits = 0;
  CharKind before = CharKind::kOther;
  for (const char c : value) {
    const CharKind kind = KindOf(c);
    alnums += kind == CharKind::kOther ? 0 : 1;
    digits += kind == CharKind::kDigit ? 1 : 0;
    // A capital before small letters begins a word.
    const bool begins_word =
        before == CharKind::kUpper && kind == CharKind::kLower;
    if (kind != before && kind != CharKind::kOther &&
        before != CharKind::kOther && !begins_word) {
      ++changes;
    }
    before = kind;
  }
  const bool mixed = digits >= std::max(kDigitsMin, alnums / kBytesPerDigit) &&
                     alnums - digits >= alnums / kBytesPerLetter;
  return mixed || changes >= std::max(kChangesMin, alnums / kBytesPerChange);
}

bool IsPlainWord(std::string_view value) {
  constexpr std::string_view kWords[] = {
      "active",    "all",     "any",      "approved",  "archived", "blocked",
      "cancelled", "closed",  "complete", "completed", "created",  "deleted",
      "disabled",  "done",    "draft",    "enabled",   "error",    "expired",
      "failed",    "failure", "finished", "inactive",  "initial",  "invalid",
      "locked",    "merged",  "new",      "no",        "ok",       "open",
      "opened",    "paused",  "pending",  "published", "ready",    "rejected",
      "resolved",  "revoked", "running",  "started",   "stopped",  "success",
      "suspended", "timeout", "unlocked", "valid",     "waiting",  "yes"};
  constexpr std::size_t kStatusDigits = 3;
  if (value.size() == kStatusDigits && value.front() >= '1' &&
      value.front() <= '5') {
    return IsDigit(value[1]) && IsDigit(value[2]);
  }
  return std::any_of(
      std::begin(kWords), std::end(kWords),
      [&](std::string_view word) { return EqualsFolded(value, word); });
}

bool IsUuid(std::string_view value) {
  constexpr std::size_t kUuidBytes = 36;
  if (value.size() != kUuidBytes) {
    return false;
  }
  for (std::size_t i = 0; i < kUuidBytes; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? value[i] != '-' : !IsHex(value[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace authseal
