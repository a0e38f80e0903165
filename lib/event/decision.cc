#include "lib/event/decision.h"

#include <utility>

namespace authseal {
namespace {

bool MatchesGlob(const std::vector<std::string>& pieces,
                 std::string_view text) {
  const std::string& last = pieces.back();
  if (!text.starts_with(pieces.front())) {
    return false;
  }
  text.remove_prefix(pieces.front().size());
  if (!text.ends_with(last)) {
    return false;
  }
  text.remove_suffix(last.size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const std::size_t at = text.find(pieces[i]);
    if (at == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(at + pieces[i].size());
  }
  return true;
}

// The step's subject; empty when nothing of it is there.
std::string_view Subject(const DecisionStep& step, RecordValues& values,
                         Event& event) {
  std::string& joined = values.joined();
  joined.clear();
  for (const Operand& operand : step.of) {
    std::string_view text;
    if (operand.is_field) {
      if (const std::string* field = FieldText(event, operand.field)) {
        text = *field;
      }
    } else if (const auto ref = operand.Find(values)) {
      text = values.Text(*ref).value_or(std::string_view());
    }
    if (!text.empty()) {
      if (!joined.empty()) {
        joined += ' ';
      }
      joined += text;
    }
  }
  std::string_view subject = joined;
  if (step.fold) {
    FoldCase(subject, values.folded());
    subject = values.folded();
  }
  for (const std::string& ending : step.strip) {
    if (subject.size() > ending.size() && subject.ends_with(ending)) {
      subject.remove_suffix(ending.size());
      break;
    }
  }
  return subject;
}

const Verdict* FindRange(const std::vector<NumberRange>& ranges,
                         std::string_view subject) {
  if (ranges.empty()) {
    return nullptr;
  }
  const std::optional<double> number = ParseNumber(subject);
  if (!number) {
    return nullptr;
  }
  for (const NumberRange& range : ranges) {
    if (*number >= range.first && *number <= range.last) {
      return &range.verdict;
    }
  }
  return nullptr;
}

}  // namespace

void VerdictTable::Add(std::string_view key, Verdict verdict) {
  if (key.find('*') == std::string_view::npos) {
    exact_.emplace(key, verdict);
    return;
  }
  Glob glob;
  glob.verdict = verdict;
  while (true) {
    const std::size_t star = key.find('*');
    glob.pieces.emplace_back(key.substr(0, star));
    if (star == std::string_view::npos) {
      break;
    }
    key.remove_prefix(star + 1);
  }
  globs_.push_back(std::move(glob));
}

const Verdict* VerdictTable::Find(std::string_view text) const {
  if (const auto found = exact_.find(text); found != exact_.end()) {
    return &found->second;
  }
  for (const Glob& glob : globs_) {
    if (MatchesGlob(glob.pieces, text)) {
      return &glob.verdict;
    }
  }
  return nullptr;
}

std::optional<Verdict> Decide(const std::vector<DecisionStep>& steps,
                              RecordValues& values, Event& event) {
  for (const DecisionStep& step : steps) {
    if (step.when && !Holds(*step.when, values, &event)) {
      continue;
    }
    if (step.is) {
      return *step.is;
    }
    const std::string_view subject = Subject(step, values, event);
    if (subject.empty()) {
      continue;
    }
    if (const Verdict* verdict = step.table.Find(subject)) {
      return *verdict;
    }
    if (const Verdict* verdict = FindRange(step.ranges, subject)) {
      return *verdict;
    }
  }
  return std::nullopt;
}

}  // namespace authseal
