#include "lib/query/line_prefilter.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

namespace authseal {

namespace {

// Of the text from which the rarest bytes of a literal are guessed.
constexpr std::size_t kSampleSizeBytes = std::size_t{64} << 10;
// Bytes of a literal among which its pair is chosen, so that the two are near.
constexpr std::size_t kPairReachBytes = 64;
constexpr std::string_view kUnicodeEscape = "\\u";
constexpr std::size_t kUnicodeDigits = 4;
constexpr unsigned kAsciiEnd = 0x80;

// What may follow a backslash besides u, and what it stands for.
constexpr std::string_view kShortEscapes = "\"\\/bfnrt";
constexpr std::string_view kShortMeanings = "\"\\/\b\f\n\r\t";

unsigned char Byte(char c) {
  return static_cast<unsigned char>(c);
}

// The value of four hexadecimal digits.
std::optional<unsigned> HexValue(std::string_view digits) {
  if (digits.size() != kUnicodeDigits) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (const char c : digits) {
    constexpr std::string_view kLower = "0123456789abcdef";
    constexpr std::string_view kUpper = "0123456789ABCDEF";
    const std::size_t digit = std::min(kLower.find(c), kUpper.find(c));
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value;
}

// The line of `lines` that holds `at`, which none before `from` does.
std::size_t LineOf(const std::vector<std::string_view>& lines, std::size_t from,
                   const char* at) {
  const auto behind =
      std::upper_bound(lines.begin() + static_cast<std::ptrdiff_t>(from),
                       lines.end(), at, [](const char* place, auto line) {
                         return std::less<>()(place, line.data());
                       });
  return static_cast<std::size_t>(behind - lines.begin()) - 1;
}

}  // namespace

LinePrefilter::LinePrefilter(const std::vector<MemberMatch>& conditions) {
  for (const MemberMatch& condition : conditions) {
    for (const NeededText& needed : condition.NeededTexts()) {
      Add(needed.quoted ? '"' + needed.bytes + '"' : needed.bytes,
          needed.bytes);
    }
  }
  short_escapes_matter_ = std::any_of(
      kShortMeanings.begin(), kShortMeanings.end(),
      [this](char meaning) { return hideable_.test(Byte(meaning)); });
}

void LinePrefilter::Add(std::string bytes, std::string_view content) {
  literals_.push_back({.bytes = std::move(bytes), .pattern = {}});
  for (const char c : content) {
    hideable_.set(Byte(c));
  }
}

// The rarer the two bytes, the fewer places have to be compared in full.
void LinePrefilter::ChoosePairs(std::string_view text) {
  std::array<std::size_t, 256> counts = {};
  for (const char c : text.substr(0, kSampleSizeBytes)) {
    ++counts[Byte(c)];
  }
  for (Literal& literal : literals_) {
    const std::string_view bytes =
        std::string_view(literal.bytes).substr(0, kPairReachBytes);
    const auto rarest_but = [&](std::size_t but) {
      std::size_t rarest = but == 0 && bytes.size() > 1 ? 1 : 0;
      for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (at != but &&
            counts[Byte(bytes[at])] < counts[Byte(bytes[rarest])]) {
          rarest = at;
        }
      }
      return rarest;
    };
    const std::size_t a = rarest_but(std::string_view::npos);
    const std::size_t b = rarest_but(a);
    literal.pattern = {.first = bytes[std::min(a, b)],
                       .second = bytes[std::max(a, b)],
                       .first_at = std::min(a, b),
                       .second_at = std::max(a, b)};
  }
  pairs_chosen_ = true;
}

LinePrefilter::Literal& LinePrefilter::Rarest() {
  return *std::min_element(literals_.begin(), literals_.end(),
                           [](const Literal& a, const Literal& b) {
                             return a.lines_found < b.lines_found;
                           });
}

// Whether the escape at `at`, if there is one, may hide a byte of a literal.
bool LinePrefilter::EscapesAt(std::string_view text, std::size_t at) const {
  const std::string_view escape = text.substr(at, 2);
  if (escape.size() < 2 || escape[0] != '\\') {
    return false;
  }
  if (escape == kUnicodeEscape) {
    const auto value = HexValue(text.substr(at + 2, kUnicodeDigits));
    if (value && *value >= kAsciiEnd) {
      return (hideable_ >> kAsciiEnd).any();
    }
    return value && hideable_.test(*value);
  }
  const std::size_t known = kShortEscapes.find(escape[1]);
  return known != std::string_view::npos &&
         hideable_.test(Byte(kShortMeanings[known]));
}

bool LinePrefilter::HasEscape(std::string_view line) const {
  for (std::size_t at = line.find('\\'); at != std::string_view::npos;
       at = line.find('\\', at + 1)) {
    if (EscapesAt(line, at)) {
      return true;
    }
  }
  return false;
}

// `found`: the one that is known to stand in the line.
bool LinePrefilter::MayMatch(std::string_view line,
                             const Literal& found) const {
  const bool has_all = std::all_of(
      literals_.begin(), literals_.end(), [line, &found](const Literal& one) {
        return &one == &found || line.find(one.bytes) != std::string_view::npos;
      });
  return has_all || HasEscape(line);
}

void LinePrefilter::Find(const std::vector<std::string_view>& lines,
                         std::vector<std::uint32_t>& candidates) {
  candidates.clear();
  if (lines.empty()) {
    return;
  }
  const char* const begin = lines.front().data();
  const std::string_view text(
      begin, static_cast<std::size_t>(lines.back().data() - begin) +
                 lines.back().size());
  if (!pairs_chosen_) {
    ChoosePairs(text);
  }
  Literal& literal = Rarest();
  literal.lines_found = 0;
  const EscapeStops stops =
      short_escapes_matter_ ? EscapeStops::kAll : EscapeStops::kUnicode;
  std::size_t line = 0;
  std::size_t at = 0;
  while (at < text.size() && (at = FindPair(text, at, literal.pattern, stops)) <
                                 std::string_view::npos) {
    const bool escape = EscapesAt(text, at);
    if (!escape && !text.substr(at).starts_with(literal.bytes)) {
      ++at;
      continue;
    }
    line = LineOf(lines, line, begin + at);
    literal.lines_found += escape ? 0U : 1U;
    if (escape || MayMatch(lines[line], literal)) {
      candidates.push_back(static_cast<std::uint32_t>(line));
    }
    at = static_cast<std::size_t>(lines[line].data() - begin) +
         lines[line].size() + 1;
  }
}

}  // namespace authseal
