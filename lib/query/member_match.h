// --match: a condition on any member of the provider's own object.
#ifndef AUTHSEAL_QUERY_MEMBER_MATCH_H_
#define AUTHSEAL_QUERY_MEMBER_MATCH_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/json/document.h"

namespace authseal {

// A text that the JSON of every object holds that meets a condition, unless an
// escape there stands for one of its bytes. Where `quoted`, quotes stand
// around.
struct NeededText {
  std::string bytes;
  bool quoted = false;
};

// "/pointer OP value" without spaces around OP: = != ~ < >.
//   =   the same string (unescaped), number (by value), true, false or null
//   !=  anything else, an absent member too
//   ~   an RE2 expression that matches part of a string's or scalar's text
//   < > numbers by value if both are numbers, else text by its bytes
// In the pointer "~0" and "~1" are RFC 6901 escapes, so an expression that
// begins with 0 or 1 is written with a group: "/member~(1…)".
// Numbers are compared as decimals of any length, never as floating point.
// const and safe from many threads.
class MemberMatch {
 public:
  static Result<MemberMatch> Parse(std::string_view text);
  ~MemberMatch();
  MemberMatch(MemberMatch&&) noexcept;
  MemberMatch& operator=(MemberMatch&&) noexcept;

  bool Matches(const JsonValue& object) const;
  // Empty when objects may match whatever they hold.
  std::vector<NeededText> NeededTexts() const;

 private:
  MemberMatch();
  struct State;
  std::unique_ptr<State> state_;
};

// -1, 0 or 1; both must be JSON numbers.
int CompareJsonNumbers(std::string_view left, std::string_view right);
bool IsJsonNumber(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_MEMBER_MATCH_H_
