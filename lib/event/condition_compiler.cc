#include <array>
#include <utility>

#include "lib/event/mapping_compiler.h"

namespace authseal {
namespace {

using Shape = ValueTest::Shape;

std::optional<Shape> ParseShape(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Shape>, 7> kShapes = {{
      {"present", Shape::kPresent},
      {"absent", Shape::kAbsent},
      {"string", Shape::kString},
      {"number", Shape::kNumber},
      {"object", Shape::kObject},
      {"array", Shape::kArray},
      {"boolean", Shape::kBoolean},
  }};
  for (const auto& [shape_name, shape] : kShapes) {
    if (shape_name == name) {
      return shape;
    }
  }
  return std::nullopt;
}

Status ReadShape(std::string_view file, const YamlNode& node, ValueTest& test) {
  const auto shape = ParseShape(node.text);
  if (!node.is_scalar() || !shape) {
    return YamlError(file, node,
                     "not present, absent, string, number, object, array or "
                     "boolean");
  }
  test.shape = *shape;
  return Ok();
}

Status ReadNumber(std::string_view file, const YamlNode& node,
                  std::optional<double>& out) {
  out = ParseNumber(node.text);
  return out ? Ok() : Status(YamlError(file, node, "not a number"));
}

Status ReadPatterns(std::string_view file, const YamlNode& node,
                    const OperandScope& scope, std::vector<TextPattern>& out) {
  TRY_ASSIGN(const auto expressions, TextList(file, node));
  for (const std::string& expression : expressions) {
    if (scope.built_in) {
      out.push_back(TextPattern::Deferred(expression));
      continue;
    }
    auto pattern = TextPattern::Create(expression);
    if (!pattern) {
      return YamlError(file, node, pattern.error().message);
    }
    out.push_back(*std::move(pattern));
  }
  return Ok();
}

Status ReadTest(std::string_view file, std::string_view name,
                const YamlNode& value, const OperandScope& scope,
                ValueTest& test) {
  if (name == "type") {
    return ReadShape(file, value, test);
  }
  if (name == "min") {
    return ReadNumber(file, value, test.min);
  }
  if (name == "max") {
    return ReadNumber(file, value, test.max);
  }
  if (name == "matches") {
    return ReadPatterns(file, value, scope, test.matches);
  }
  if (name == "fold") {
    TRY_ASSIGN(test.fold, Flag(file, value));
    return Ok();
  }
  TRY_ASSIGN(std::vector<std::string> texts, TextList(file, value));
  if (name == "is") {
    test.is = std::move(texts);
  } else if (name == "starts") {
    test.starts = std::move(texts);
  } else if (name == "ends") {
    test.ends = std::move(texts);
  } else {
    test.contains = std::move(texts);
  }
  return Ok();
}

Result<Condition> CompileTest(std::string_view file, const YamlNode& key,
                              const YamlNode* value,
                              const OperandScope& scope) {
  constexpr std::array<std::string_view, 9> kTests = {
      "type", "min",    "max",  "matches", "fold",
      "is",   "starts", "ends", "contains"};
  Condition condition;
  condition.type = Condition::Type::kTest;
  TRY_ASSIGN(condition.operand, CompileOperand(file, key, scope));
  ValueTest& test = condition.test;
  if (value == nullptr) {
    test.shape = Shape::kPresent;
    return condition;
  }
  if (value->is_scalar()) {
    TRY(ReadShape(file, *value, test));
    return condition;
  }
  if (!value->is_map()) {
    return YamlError(file, *value, "not a test");
  }
  TRY(CheckKeys(file, *value, kTests));
  for (std::size_t i = 0; i < value->pair_count(); ++i) {
    TRY(ReadTest(file, value->key(i).text, value->value(i), scope, test));
  }
  if (test.min && test.max && *test.min > *test.max) {
    return YamlError(file, *value, "min is above max");
  }
  if (test.fold) {
    for (auto* texts : {&test.is, &test.starts, &test.ends, &test.contains}) {
      for (std::string& text : *texts) {
        FoldCase(std::string(text), text);
      }
    }
  }
  return condition;
}

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion): ParseYaml bounds the depth
Result<Condition> CompileCondition(std::string_view file, const YamlNode& node,
                                   const OperandScope& scope) {
  if (node.is_scalar()) {
    return CompileTest(file, node, nullptr, scope);
  }
  Condition condition;
  const YamlNode* parts = &node;
  if (node.is_map()) {
    if (node.pair_count() != 1) {
      return YamlError(file, node, "a condition is one key with its test");
    }
    const YamlNode& key = node.key(0);
    parts = &node.value(0);
    if (key.text == "any") {
      condition.type = Condition::Type::kAny;
    } else if (key.text == "not") {
      condition.type = Condition::Type::kNot;
    } else if (key.text != "all") {
      return CompileTest(file, key, parts, scope);
    }
  }
  if (!parts->is_list()) {
    TRY_ASSIGN(Condition part, CompileCondition(file, *parts, scope));
    condition.parts.push_back(std::move(part));
    return condition;
  }
  if (parts->items.empty()) {
    return YamlError(file, *parts, "a list of conditions without any");
  }
  for (const YamlNode& item : parts->items) {
    TRY_ASSIGN(Condition part, CompileCondition(file, item, scope));
    condition.parts.push_back(std::move(part));
  }
  return condition;
}

}  // namespace authseal
