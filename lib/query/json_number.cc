// Comparison of JSON numbers as decimals: log ids exceed 2^53, and evidence is
// not rounded.
#include <algorithm>
#include <string>

#include "lib/query/member_match.h"

namespace authseal {

namespace {

// value = ±0.d1d2d3… × 10^exponent, d1 and the last digit not '0'; no digits
// for zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Exponents are exact up to this; beyond it all are taken as equal.
constexpr std::int64_t kExponentMax = 900'000'000'000'000'000;

Decimal ParseNumber(std::string_view text) {
  Decimal decimal;
  if (text.starts_with('-')) {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  bool in_fraction = false;
  std::size_t i = 0;
  for (; i < text.size() && (IsDigit(text[i]) || text[i] == '.'); ++i) {
    if (text[i] == '.') {
      in_fraction = true;
      continue;
    }
    decimal.digits.push_back(text[i]);
    decimal.exponent += in_fraction ? 0 : 1;
  }
  if (i < text.size()) {  // 'e' or 'E'
    ++i;
    const bool negative = text[i] == '-';
    std::int64_t exponent = 0;
    for (; i < text.size(); ++i) {
      if (IsDigit(text[i])) {
        exponent = std::min(exponent * 10 + (text[i] - '0'), kExponentMax);
      }
    }
    decimal.exponent += negative ? -exponent : exponent;
  }
  const std::size_t first = decimal.digits.find_first_not_of('0');
  if (first == std::string::npos) {
    return Decimal{};
  }
  decimal.digits.erase(0, first);
  decimal.exponent -= static_cast<std::int64_t>(first);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  return decimal;
}

// Digits alone, as most numbers are; JSON writes those in one way only.
bool IsPlainInteger(std::string_view text) {
  return !text.empty() && (text[0] != '0' || text.size() == 1) &&
         std::all_of(text.begin(), text.end(), IsDigit);
}

int Sign(int comparison) {
  return comparison < 0 ? -1 : comparison > 0 ? 1 : 0;
}

int CompareMagnitudes(const Decimal& left, const Decimal& right) {
  if (left.digits.empty() || right.digits.empty()) {
    return static_cast<int>(right.digits.empty()) -
           static_cast<int>(left.digits.empty());
  }
  if (left.exponent != right.exponent) {
    return left.exponent < right.exponent ? -1 : 1;
  }
  return Sign(left.digits.compare(right.digits));
}

}  // namespace

bool IsJsonNumber(std::string_view text) {
  std::size_t i = text.starts_with('-') ? 1 : 0;
  const auto digits = [&text, &i] {
    const std::size_t begin = i;
    while (i < text.size() && IsDigit(text[i])) {
      ++i;
    }
    return i - begin;
  };
  const std::size_t integer_begin = i;
  const std::size_t integer = digits();
  if (integer == 0 || (integer > 1 && text[integer_begin] == '0')) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) {
      return false;
    }
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) {
      ++i;
    }
    if (digits() == 0) {
      return false;
    }
  }
  return i == text.size();
}

int CompareJsonNumbers(std::string_view left, std::string_view right) {
  if (IsPlainInteger(left) && IsPlainInteger(right)) {
    return left.size() == right.size()  ? Sign(left.compare(right))
           : left.size() < right.size() ? -1
                                        : 1;
  }
  const Decimal a = ParseNumber(left);
  const Decimal b = ParseNumber(right);
  if (a.negative != b.negative) {
    return a.negative ? -1 : 1;
  }
  const int magnitude = CompareMagnitudes(a, b);
  return a.negative ? -magnitude : magnitude;
}

}  // namespace authseal
