// How a mapping decides an event's kind and outcome: steps, each a table, a
// set of ranges or a plain verdict, perhaps behind a condition. The first step
// that decides wins.
#ifndef AUTHSEAL_EVENT_DECISION_H_
#define AUTHSEAL_EVENT_DECISION_H_

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/event/condition.h"
#include "lib/event/event.h"
#include "lib/event/record_values.h"

namespace authseal {

struct Verdict {
  std::optional<EventKind> kind;
  std::optional<EventOutcome> outcome;
};

// Finds a std::string by a view of it.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

// Texts with what they mean. A key with '*' (any run of bytes) is a glob;
// exact keys come first, then globs in their order.
class VerdictTable {
 public:
  void Add(std::string_view key, Verdict verdict);
  const Verdict* Find(std::string_view text) const;
  bool empty() const { return exact_.empty() && globs_.empty(); }

 private:
  struct Glob {
    std::vector<std::string> pieces;  // between the stars; never fewer than 2
    Verdict verdict;
  };
  std::unordered_map<std::string, Verdict, TextHash, std::equal_to<>> exact_;
  std::vector<Glob> globs_;
};

struct NumberRange {
  double first = 0;
  double last = 0;
  Verdict verdict;
};

struct DecisionStep {
  std::optional<Condition> when;
  std::vector<Operand> of;  // joined by one space; those present
  bool fold = false;
  std::vector<std::string> strip;  // endings taken off first
  VerdictTable table;
  std::vector<NumberRange> ranges;
  std::optional<Verdict> is;
};

std::optional<Verdict> Decide(const std::vector<DecisionStep>& steps,
                              RecordValues& values, Event& event);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_DECISION_H_
