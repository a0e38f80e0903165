#include "lib/query/member_match.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

namespace authseal {

namespace {

enum class Operator {
  kEqual,
  kNotEqual,
  kMatches,
  kLess,
  kGreater
};

constexpr std::int64_t kRegexMemoryBytesMax = 8 << 20;

bool IsNumber(const JsonValue& value) {
  return value.type() == JsonType::kNumber;
}

// Where the pointer ends: "~0" and "~1" are its escapes, a '!' without '=' is
// part of a name.
std::size_t FindOperator(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view next = text.substr(at + 1, 1);
    switch (text[at]) {
      case '=':
      case '<':
      case '>':
        return at;
      case '~':
        if (next != "0" && next != "1") {
          return at;
        }
        break;
      case '!':
        if (next == "=") {
          return at;
        }
        break;
      default:
        break;
    }
  }
  return std::string_view::npos;
}

// An index of an array is no name.
bool MayBeIndex(std::string_view token) {
  return std::all_of(token.begin(), token.end(),
                     [](char c) { return c >= '0' && c <= '9'; }) &&
         !token.empty();
}

// Of "~0" and "~1"; any other "~" makes a pointer that finds nothing.
std::string UnescapeToken(std::string_view token) {
  std::string name;
  for (std::size_t at = 0; at < token.size(); ++at) {
    const bool escape = token[at] == '~' && at + 1 < token.size();
    at += escape ? 1U : 0U;
    name += !escape ? token[at] : token[at] == '0' ? '~' : '/';
  }
  return name;
}

// Whether JSON may have `text` otherwise than as a string.
bool MayBeUnquoted(std::string_view text) {
  return text.starts_with('{') || text.starts_with('[') || text == "true" ||
         text == "false" || text == "null";
}

}  // namespace

struct MemberMatch::State {
  std::string pointer;
  Operator comparison = Operator::kEqual;
  std::string value;
  bool value_is_number = false;
  std::unique_ptr<RE2> expression;  // of kMatches

  // The text a person means: a string without quotes and escapes, else the
  // value as it stands.
  bool Holds(const JsonValue& member) const {
    std::string scratch;
    const std::string_view text =
        member.is_string() ? member.Unescape(scratch) : member.raw();
    const bool numbers = IsNumber(member) && value_is_number;
    switch (comparison) {
      case Operator::kEqual:
        return numbers ? CompareJsonNumbers(text, value) == 0 : text == value;
      case Operator::kNotEqual:
        return numbers ? CompareJsonNumbers(text, value) != 0 : text != value;
      case Operator::kMatches:
        return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()),
                                 *expression);
      case Operator::kLess:
        return numbers ? CompareJsonNumbers(text, value) < 0 : text < value;
      case Operator::kGreater:
        return numbers ? CompareJsonNumbers(text, value) > 0 : text > value;
    }
    return false;
  }
};

MemberMatch::MemberMatch() : state_(std::make_unique<State>()) {}
MemberMatch::~MemberMatch() = default;
MemberMatch::MemberMatch(MemberMatch&&) noexcept = default;
MemberMatch& MemberMatch::operator=(MemberMatch&&) noexcept = default;

Result<MemberMatch> MemberMatch::Parse(std::string_view text) {
  const std::size_t at = FindOperator(text);
  const bool two = at != std::string_view::npos && text[at] == '!';
  if (!text.starts_with('/') || at == std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument,
                 "--match \"" + std::string(text) + "\" has no operator",
                 "write /member/pointer and one of = != ~ < > and a value, "
                 "such as /outcome/result=FAILURE"};
  }
  MemberMatch match;
  State& state = *match.state_;
  state.pointer = text.substr(0, at);
  state.value = text.substr(at + (two ? 2 : 1));
  state.value_is_number = IsJsonNumber(state.value);
  switch (text[at]) {
    case '=':
      state.comparison = Operator::kEqual;
      break;
    case '!':
      state.comparison = Operator::kNotEqual;
      break;
    case '<':
      state.comparison = Operator::kLess;
      break;
    case '>':
      state.comparison = Operator::kGreater;
      break;
    default:
      state.comparison = Operator::kMatches;
      break;
  }
  if (state.comparison == Operator::kMatches) {
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(kRegexMemoryBytesMax);
    state.expression = std::make_unique<RE2>(state.value, options);
    if (!state.expression->ok()) {
      return Error{ErrorCode::kInvalidArgument,
                   "--match expression \"" + state.value +
                       "\": " + state.expression->error(),
                   "see re2 syntax; there are no backreferences"};
    }
  }
  return match;
}

bool MemberMatch::Matches(const JsonValue& object) const {
  const std::optional<JsonValue> member = object.Pointer(state_->pointer);
  if (!member) {
    return state_->comparison == Operator::kNotEqual;
  }
  return state_->Holds(*member);
}

std::vector<NeededText> MemberMatch::NeededTexts() const {
  std::vector<NeededText> needed;
  if (state_->comparison == Operator::kNotEqual) {
    return needed;  // an absent member is an answer
  }
  // A number has many spellings.
  if (state_->comparison == Operator::kEqual && !state_->value_is_number) {
    needed.push_back({state_->value, !MayBeUnquoted(state_->value)});
  }
  std::string_view pointer = state_->pointer;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    if (!MayBeIndex(token)) {
      needed.push_back({UnescapeToken(token), true});
    }
  }
  return needed;
}

}  // namespace authseal
