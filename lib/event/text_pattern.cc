#include "lib/event/text_pattern.h"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include <re2/re2.h>

namespace authseal {
namespace {

constexpr int kGroupsMax = 32;
constexpr std::int64_t kProgramMaxBytes = std::int64_t{1} << 20;

RE2::Options PatternOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kProgramMaxBytes);
  return options;
}

}  // namespace

struct TextPattern::State {
  explicit State(std::string_view source) : text(source) {}

  const RE2& Compiled() {
    // What a text costs after the first: call_once alone is dearer.
    if (const RE2* const known = compiled.load(std::memory_order_acquire)) {
      return *known;
    }
    std::call_once(once, [this] {
      expression.emplace(text, PatternOptions());
      for (const auto& [number, name] : expression->CapturingGroupNames()) {
        names.push_back(name);
        numbers.push_back(number);
      }
      compiled.store(&*expression, std::memory_order_release);
    });
    return *expression;
  }

  std::string text;
  std::once_flag once;
  std::optional<RE2> expression;
  std::atomic<const RE2*> compiled = nullptr;
  std::vector<std::string> names;
  std::vector<int> numbers;  // of the groups in `names`
};

TextPattern::TextPattern() = default;
TextPattern::~TextPattern() = default;
TextPattern::TextPattern(TextPattern&&) noexcept = default;
TextPattern& TextPattern::operator=(TextPattern&&) noexcept = default;

Result<TextPattern> TextPattern::Create(std::string_view expression) {
  TextPattern pattern = Deferred(expression);
  const RE2& compiled = pattern.state_->Compiled();
  if (!compiled.ok()) {
    return Error{ErrorCode::kInvalidArgument,
                 "bad regular expression: " + compiled.error()};
  }
  if (compiled.NumberOfCapturingGroups() > kGroupsMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "a regular expression with more than 32 groups"};
  }
  return pattern;
}

TextPattern TextPattern::Deferred(std::string_view expression) {
  TextPattern pattern;
  pattern.state_ = std::make_unique<State>(expression);
  return pattern;
}

const std::vector<std::string>& TextPattern::group_names() const {
  state_->Compiled();
  return state_->names;
}

bool TextPattern::Matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()),
                           state_->Compiled());
}

bool TextPattern::Capture(std::string_view text,
                          std::vector<std::string_view>& groups) const {
  std::array<re2::StringPiece, kGroupsMax + 1> parts;
  const RE2& expression = state_->Compiled();
  const int count = expression.NumberOfCapturingGroups() + 1;
  const re2::StringPiece input(text.data(), text.size());
  groups.clear();
  if (!expression.Match(input, 0, input.size(), RE2::UNANCHORED, parts.data(),
                        count)) {
    return false;
  }
  for (const int number : state_->numbers) {
    const re2::StringPiece& part = parts[static_cast<std::size_t>(number)];
    groups.push_back(part.data() == nullptr
                         ? std::string_view()
                         : std::string_view(part.data(), part.size()));
  }
  return true;
}

}  // namespace authseal
