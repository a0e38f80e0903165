// A regular expression (RE2: linear in the text, whatever the text) with named
// groups, over text lines and message texts.
#ifndef AUTHSEAL_EVENT_TEXT_PATTERN_H_
#define AUTHSEAL_EVENT_TEXT_PATTERN_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace authseal {

// Const use is safe from many threads.
class TextPattern {
 public:
  // Error kInvalidArgument with RE2's own words.
  static Result<TextPattern> Create(std::string_view expression);
  // Of an expression that is known to be a good one: compiled at its first
  // use, which for most of the built-in mappings never comes.
  static TextPattern Deferred(std::string_view expression);
  ~TextPattern();
  TextPattern(TextPattern&&) noexcept;
  TextPattern& operator=(TextPattern&&) noexcept;

  // Names of the named groups, in order of their opening bracket.
  const std::vector<std::string>& group_names() const;

  // Whether it matches anywhere in `text`.
  bool Matches(std::string_view text) const;
  // The same; `groups` takes, for each named group, its part of `text` (a null
  // view for one that took no part in the match).
  bool Capture(std::string_view text,
               std::vector<std::string_view>& groups) const;

 private:
  TextPattern();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_TEXT_PATTERN_H_
