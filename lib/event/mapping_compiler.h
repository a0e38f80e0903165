// From a mapping's YAML tree to its compiled form; authseal-mapping(5).
#ifndef AUTHSEAL_EVENT_MAPPING_COMPILER_H_
#define AUTHSEAL_EVENT_MAPPING_COMPILER_H_

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/condition.h"
#include "lib/event/mapping.h"
#include "lib/event/yaml_tree.h"

namespace authseal {

// Where a mapping that is `like` another takes the sections it lacks from; the
// file name is for messages.
struct MappingText {
  std::string_view file;
  const YamlNode* root = nullptr;
  std::string_view base_file;
  const YamlNode* base = nullptr;
  bool built_in = false;  // a test has compiled it: its patterns can wait
};

// What the operands of a mapping's conditions and steps may refer to.
struct OperandScope {
  SlotPlan* plan = nullptr;
  bool fields = false;  // fields of the event
  bool built_in = false;
  // The mapping's `values`, by name without the '$'.
  std::unordered_map<std::string, std::vector<SlotRef>> values;
};

// Everything but `recognise`. Error kInvalidArgument with position.
Result<Mapping> CompileMapping(const MappingText& text);

// The `recognise` section as a condition over slots of `plan` (shared by all
// mappings); a condition that never holds when there is none.
Result<Condition> CompileRecognition(const MappingText& text, SlotPlan& plan);

// Refuses keys of a map that are not among `known`.
Status CheckKeys(std::string_view file, const YamlNode& map,
                 std::span<const std::string_view> known);

// A scalar, or a list of scalars.
Result<std::vector<std::string>> TextList(std::string_view file,
                                          const YamlNode& node);

// A list of conditions (all of them), or one.
Result<Condition> CompileCondition(std::string_view file, const YamlNode& node,
                                   const OperandScope& scope);

// "true" or "false".
Result<bool> Flag(std::string_view file, const YamlNode& node);

// What the steps may decide: `kind` both, `outcome` the outcome alone.
enum class Decides {
  kKind,
  kOutcome
};

// The steps of `kind` or `outcome`.
Result<std::vector<DecisionStep>> CompileDecision(std::string_view file,
                                                  const YamlNode& node,
                                                  const OperandScope& scope,
                                                  Decides decides);

// An extractor, "$value" or a field's name.
Result<Operand> CompileOperand(std::string_view file, const YamlNode& node,
                               const OperandScope& scope);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_MAPPING_COMPILER_H_
