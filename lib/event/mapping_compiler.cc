#include "lib/event/mapping_compiler.h"

#include <algorithm>
#include <array>
#include <utility>

namespace authseal {
namespace {

// A section with the file it is written in.
struct Section {
  std::string_view file;
  const YamlNode* node = nullptr;
};

Section FindSection(const MappingText& text, std::string_view name) {
  if (const YamlNode* own = text.root->Find(name)) {
    return {text.file, own};
  }
  if (text.base != nullptr) {
    if (const YamlNode* inherited = text.base->Find(name)) {
      return {text.base_file, inherited};
    }
  }
  return {text.file, nullptr};
}

Result<std::string> RequiredText(const MappingText& text,
                                 std::string_view name) {
  const YamlNode* node = text.root->Find(name);
  if (node == nullptr || !node->is_scalar() || node->text.empty()) {
    return YamlError(text.file, node == nullptr ? *text.root : *node,
                     "'" + std::string(name) + "' is missing");
  }
  return node->text;
}

Result<std::string> CompileName(const MappingText& text) {
  TRY_ASSIGN(std::string name, RequiredText(text, "name"));
  constexpr std::size_t kNameMaxBytes = 64;
  if (name.size() > kNameMaxBytes ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") !=
          std::string::npos) {
    return YamlError(text.file, *text.root->Find("name"),
                     "a name is made of a-z, 0-9 and '_'");
  }
  return name;
}

Error ExtractorError(std::string_view file, const YamlNode& node,
                     const Error& error) {
  static constexpr std::string_view kForms[] = {
      "/a/pointer",          "kv:/pointer:name", "json:/pointer:/pointer",
      "query:/pointer:name", "name:/pointer",    "group:name",
      "const:text"};
  return YamlChoiceError(file, node, error.message, "an extractor is one of",
                         kForms);
}

Status CompilePatterns(const Section& section, Mapping& mapping) {
  constexpr std::array<std::string_view, 2> kKeys = {"at", "match"};
  if (section.node == nullptr) {
    return Ok();
  }
  if (!section.node->is_list()) {
    return YamlError(section.file, *section.node, "not a list of patterns");
  }
  for (const YamlNode& item : section.node->items) {
    const YamlNode* at = item.Find("at");
    const YamlNode* match = item.Find("match");
    if (at == nullptr || match == nullptr) {
      return YamlError(section.file, item, "a pattern has 'at' and 'match'");
    }
    TRY(CheckKeys(section.file, item, kKeys));
    if (const auto place = ParseExtractor(at->text); !place) {
      return ExtractorError(section.file, *at, place.error());
    }
    if (const Status added = mapping.plan.AddPattern(at->text, match->text);
        !added) {
      return YamlError(section.file, *match, added.error().message);
    }
  }
  return Ok();
}

Status ReadFieldTable(std::string_view file, const YamlNode& node,
                      FieldRule& rule) {
  if (!node.is_map()) {
    return YamlError(file, node, "a table is a map");
  }
  for (std::size_t i = 0; i < node.pair_count(); ++i) {
    rule.table.emplace(node.key(i).text, node.value(i).text);
  }
  return Ok();
}

Result<std::vector<SlotRef>> CompileExtractors(std::string_view file,
                                               const YamlNode& node,
                                               SlotPlan& plan) {
  std::vector<SlotRef> refs;
  TRY_ASSIGN(const auto extractors, TextList(file, node));
  for (std::size_t i = 0; i < extractors.size(); ++i) {
    const auto ref = plan.Add(extractors[i]);
    if (!ref) {
      return ExtractorError(file, node.is_list() ? node.items[i] : node,
                            ref.error());
    }
    refs.push_back(*ref);
  }
  return refs;
}

Result<FieldRule> CompileField(std::string_view file, const YamlNode& key,
                               const YamlNode& value, SlotPlan& plan) {
  constexpr std::array<std::string_view, 3> kKeys = {"from", "table", "only"};
  FieldRule rule;
  const auto field = ParseEventField(key.text);
  if (!field) {
    return YamlChoiceError(file, key,
                           "an event has no field '" + key.text + "'", "fields",
                           EventFieldNames());
  }
  rule.field = *field;
  const YamlNode* from = &value;
  if (value.is_map()) {
    TRY(CheckKeys(file, value, kKeys));
    from = value.Find("from");
    if (from == nullptr) {
      return YamlError(file, value, "'from' is missing");
    }
    if (const YamlNode* table = value.Find("table")) {
      TRY(ReadFieldTable(file, *table, rule));
    }
    if (const YamlNode* only = value.Find("only")) {
      if (only->text != "fingerprint") {
        return YamlError(file, *only, "'only' knows 'fingerprint' alone");
      }
      rule.only_fingerprints = true;
    }
  }
  TRY_ASSIGN(rule.from, CompileExtractors(file, *from, plan));
  return rule;
}

Status CompileFields(const Section& section, Mapping& mapping) {
  if (section.node == nullptr) {
    return YamlError(section.file, YamlNode(), "'fields' is missing");
  }
  if (!section.node->is_map()) {
    return YamlError(section.file, *section.node, "'fields' must be a map");
  }
  for (std::size_t i = 0; i < section.node->pair_count(); ++i) {
    TRY_ASSIGN(FieldRule rule,
               CompileField(section.file, section.node->key(i),
                            section.node->value(i), mapping.plan));
    mapping.fields.push_back(std::move(rule));
  }
  return Ok();
}

Status CompileValues(const Section& section, OperandScope& scope) {
  if (section.node == nullptr) {
    return Ok();
  }
  if (!section.node->is_map()) {
    return YamlError(section.file, *section.node, "'values' must be a map");
  }
  for (std::size_t i = 0; i < section.node->pair_count(); ++i) {
    TRY_ASSIGN(
        auto refs,
        CompileExtractors(section.file, section.node->value(i), *scope.plan));
    scope.values.emplace(section.node->key(i).text, std::move(refs));
  }
  return Ok();
}

Status CompileSteps(const Section& section, const OperandScope& scope,
                    Decides decides, std::vector<DecisionStep>& out) {
  if (section.node == nullptr) {
    return Ok();
  }
  TRY_ASSIGN(out, CompileDecision(section.file, *section.node, scope, decides));
  return Ok();
}

Status CompileEach(const Section& section, SlotPlan& plan,
                   std::optional<SlotRef>& out) {
  if (section.node == nullptr) {
    return Ok();
  }
  const std::string& pointer = section.node->text;
  plan.AllowItems();
  const auto ref = plan.Add(pointer);
  if (!ref || (!pointer.empty() && pointer[0] != '/')) {
    return YamlError(section.file, *section.node, "not a pointer");
  }
  out = *ref;
  return Ok();
}

Status CompileItems(const MappingText& text, Mapping& mapping) {
  Section each = FindSection(text, "each");
  Section each_member = FindSection(text, "each_member");
  const bool has_each = text.root->Find("each") != nullptr;
  const bool has_each_member = text.root->Find("each_member") != nullptr;
  if (has_each && has_each_member) {
    return YamlError(text.file, *each_member.node,
                     "a mapping has 'each' or 'each_member', not both");
  }
  if (has_each) {
    each_member.node = nullptr;  // that of `like`, which it replaces
  } else if (has_each_member) {
    each.node = nullptr;
  }
  TRY(CompileEach(each, mapping.plan, mapping.each));
  return CompileEach(each_member, mapping.plan, mapping.each_member);
}

// Plain RFC 6901: the scrubber looks these up, not the plan.
Status CompileTokenPointers(const Section& section, Mapping& mapping) {
  if (section.node == nullptr) {
    return Ok();
  }
  TRY_ASSIGN(mapping.token_at, TextList(section.file, *section.node));
  for (const std::string& pointer : mapping.token_at) {
    PointerTrie trie;
    SlotIndex next_slot = 0;
    if (pointer.find("/[") != std::string::npos ||
        !trie.Add(pointer, next_slot)) {
      return YamlError(section.file, *section.node,
                       "'" + pointer + "' is no RFC 6901 pointer");
    }
  }
  return Ok();
}

}  // namespace

Status CheckKeys(std::string_view file, const YamlNode& map,
                 std::span<const std::string_view> known) {
  for (std::size_t i = 0; i < map.pair_count(); ++i) {
    const YamlNode& key = map.key(i);
    if (std::find(known.begin(), known.end(), key.text) == known.end()) {
      return YamlChoiceError(file, key, "unknown key '" + key.text + "'",
                             "known here", known);
    }
  }
  return Ok();
}

Result<std::vector<std::string>> TextList(std::string_view file,
                                          const YamlNode& node) {
  std::vector<std::string> texts;
  if (node.is_scalar()) {
    texts.push_back(node.text);
    return texts;
  }
  if (!node.is_list() || node.items.empty()) {
    return YamlError(file, node, "neither a text nor a list of texts");
  }
  for (const YamlNode& item : node.items) {
    if (!item.is_scalar()) {
      return YamlError(file, item, "not a text");
    }
    texts.push_back(item.text);
  }
  return texts;
}

Result<bool> Flag(std::string_view file, const YamlNode& node) {
  if (!node.is_scalar() || (node.text != "true" && node.text != "false")) {
    return YamlError(file, node, "neither true nor false");
  }
  return node.text == "true";
}

Result<Operand> CompileOperand(std::string_view file, const YamlNode& node,
                               const OperandScope& scope) {
  Operand operand;
  if (!node.is_scalar()) {
    return YamlError(file, node, "neither an extractor nor a field");
  }
  if (const auto field = ParseEventField(node.text)) {
    if (!scope.fields || *field == EventField::kScopes) {
      return YamlError(file, node, "a field cannot be used here");
    }
    operand.is_field = true;
    operand.field = *field;
    return operand;
  }
  if (node.text.starts_with('$')) {
    const auto value = scope.values.find(node.text.substr(1));
    if (value == scope.values.end()) {
      return YamlError(file, node, "no value '" + node.text + "' is defined");
    }
    operand.refs = value->second;
    return operand;
  }
  const auto ref = scope.plan->Add(node.text);
  if (!ref) {
    return ExtractorError(file, node, ref.error());
  }
  operand.refs.push_back(*ref);
  return operand;
}

Result<Mapping> CompileMapping(const MappingText& text) {
  constexpr std::array<std::string_view, 12> kKeys = {
      "name",   "title", "like",    "recognise", "patterns",    "fields",
      "values", "kind",  "outcome", "each",      "each_member", "token_at"};
  TRY(CheckKeys(text.file, *text.root, kKeys));
  Mapping mapping;
  TRY_ASSIGN(mapping.name, CompileName(text));
  mapping.title = mapping.name;
  if (text.root->Find("title") != nullptr) {
    TRY_ASSIGN(mapping.title, RequiredText(text, "title"));
  }
  TRY(CompileItems(text, mapping));
  TRY(CompilePatterns(FindSection(text, "patterns"), mapping));
  TRY(CompileFields(FindSection(text, "fields"), mapping));
  OperandScope scope;
  scope.plan = &mapping.plan;
  scope.fields = true;
  scope.built_in = text.built_in;
  TRY(CompileValues(FindSection(text, "values"), scope));
  TRY(CompileSteps(FindSection(text, "kind"), scope, Decides::kKind,
                   mapping.kind));
  TRY(CompileSteps(FindSection(text, "outcome"), scope, Decides::kOutcome,
                   mapping.outcome));
  mapping.decision_inputs.Add(mapping.kind);
  mapping.decision_inputs.Add(mapping.outcome);
  TRY(CompileTokenPointers(FindSection(text, "token_at"), mapping));
  return mapping;
}

Result<Condition> CompileRecognition(const MappingText& text, SlotPlan& plan) {
  const YamlNode* node = text.root->Find("recognise");
  if (node == nullptr) {
    Condition never;
    never.type = Condition::Type::kAny;
    return never;
  }
  OperandScope scope;
  scope.plan = &plan;
  scope.built_in = text.built_in;
  return CompileCondition(text.file, *node, scope);
}

}  // namespace authseal
