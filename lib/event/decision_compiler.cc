#include <array>
#include <utility>

#include "lib/event/mapping_compiler.h"

namespace authseal {
namespace {

// "token.issue", "failure" or "token.issue failure".
Result<Verdict> CompileVerdict(std::string_view file, const YamlNode& node) {
  Verdict verdict;
  std::string_view rest = node.text;
  const std::string_view first = rest.substr(0, rest.find(' '));
  verdict.kind = ParseEventKind(first);
  if (verdict.kind) {
    rest.remove_prefix(std::min(first.size() + 1, rest.size()));
  }
  if (!rest.empty()) {
    verdict.outcome = ParseEventOutcome(rest);
  }
  const bool understood =
      rest.empty() ? verdict.kind.has_value() : verdict.outcome.has_value();
  if (!node.is_scalar() || !understood) {
    std::vector<std::string_view> words;
    for (int kind = 0; kind <= static_cast<int>(EventKind::kOther); ++kind) {
      words.push_back(EventKindName(static_cast<EventKind>(kind)));
    }
    for (const auto outcome : {EventOutcome::kSuccess, EventOutcome::kFailure,
                               EventOutcome::kUnknown}) {
      words.push_back(EventOutcomeName(outcome));
    }
    return YamlChoiceError(
        file, node,
        "'" + node.text + "' is no kind, outcome or kind with outcome",
        "kinds, and the three outcomes", words);
  }
  return verdict;
}

Status ReadTable(std::string_view file, const YamlNode& node,
                 DecisionStep& step) {
  if (!node.is_map()) {
    return YamlError(file, node, "a table is a map");
  }
  std::string folded;
  for (std::size_t i = 0; i < node.pair_count(); ++i) {
    TRY_ASSIGN(const Verdict verdict, CompileVerdict(file, node.value(i)));
    FoldCase(node.key(i).text, folded);
    step.table.Add(step.fold ? folded : node.key(i).text, verdict);
  }
  return Ok();
}

// Verdicts with the texts they are for: the table the other way round.
Status ReadLists(std::string_view file, const YamlNode& node,
                 DecisionStep& step) {
  if (!node.is_map()) {
    return YamlError(file, node, "lists are a map of verdict to texts");
  }
  std::string folded;
  for (std::size_t i = 0; i < node.pair_count(); ++i) {
    TRY_ASSIGN(const Verdict verdict, CompileVerdict(file, node.key(i)));
    TRY_ASSIGN(const auto texts, TextList(file, node.value(i)));
    for (const std::string& text : texts) {
      FoldCase(text, folded);
      step.table.Add(step.fold ? folded : text, verdict);
    }
  }
  return Ok();
}

// "200-399: success", "0: success"
Status ReadRanges(std::string_view file, const YamlNode& node,
                  DecisionStep& step) {
  if (!node.is_map()) {
    return YamlError(file, node, "ranges are a map");
  }
  for (std::size_t i = 0; i < node.pair_count(); ++i) {
    const std::string_view text = node.key(i).text;
    const std::size_t dash = text.find('-', 1);
    const auto first = ParseNumber(text.substr(0, dash));
    const auto last = dash == std::string_view::npos
                          ? first
                          : ParseNumber(text.substr(dash + 1));
    if (!first || !last || *first > *last) {
      return YamlError(file, node.key(i), "not a range such as 200-399");
    }
    TRY_ASSIGN(const Verdict verdict, CompileVerdict(file, node.value(i)));
    step.ranges.push_back({*first, *last, verdict});
  }
  return Ok();
}

Status ReadOperands(std::string_view file, const YamlNode& node,
                    const OperandScope& scope, DecisionStep& step) {
  if (node.is_list()) {
    for (const YamlNode& item : node.items) {
      TRY_ASSIGN(const Operand operand, CompileOperand(file, item, scope));
      step.of.push_back(operand);
    }
    return Ok();
  }
  TRY_ASSIGN(const Operand operand, CompileOperand(file, node, scope));
  step.of.push_back(operand);
  return Ok();
}

Result<DecisionStep> CompileStep(std::string_view file, const YamlNode& node,
                                 const OperandScope& scope) {
  constexpr std::array<std::string_view, 8> kKeys = {
      "when", "of", "fold", "strip", "table", "lists", "ranges", "is"};
  if (!node.is_map()) {
    return YamlError(file, node, "a step is a map");
  }
  TRY(CheckKeys(file, node, kKeys));
  DecisionStep step;
  if (const YamlNode* fold = node.Find("fold")) {
    step.fold = fold->text == "true";
  }
  if (const YamlNode* when = node.Find("when")) {
    TRY_ASSIGN(step.when, CompileCondition(file, *when, scope));
  }
  if (const YamlNode* of = node.Find("of")) {
    TRY(ReadOperands(file, *of, scope, step));
  } else {
    step.of.push_back({true, EventField::kRawKind, {}});
  }
  if (const YamlNode* strip = node.Find("strip")) {
    TRY_ASSIGN(step.strip, TextList(file, *strip));
  }
  if (const YamlNode* lists = node.Find("lists")) {
    TRY(ReadLists(file, *lists, step));
  }
  if (const YamlNode* table = node.Find("table")) {
    TRY(ReadTable(file, *table, step));
  }
  if (const YamlNode* ranges = node.Find("ranges")) {
    TRY(ReadRanges(file, *ranges, step));
  }
  if (const YamlNode* is = node.Find("is")) {
    TRY_ASSIGN(step.is, CompileVerdict(file, *is));
  }
  if (!step.is && step.table.empty() && step.ranges.empty()) {
    return YamlError(file, node, "a step without is, table, lists or ranges");
  }
  return step;
}

}  // namespace

Result<std::vector<DecisionStep>> CompileDecision(std::string_view file,
                                                  const YamlNode& node,
                                                  const OperandScope& scope) {
  if (!node.is_list()) {
    return YamlError(file, node, "not a list of steps");
  }
  std::vector<DecisionStep> steps;
  for (const YamlNode& item : node.items) {
    TRY_ASSIGN(DecisionStep step, CompileStep(file, item, scope));
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace authseal
