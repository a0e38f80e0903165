#include "lib/event/mapping_library.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/event/envelope.h"
#include "lib/event/flat_tree.h"
#include "lib/event/mapping_compiler.h"
#include "lib/event/yaml_tree.h"

namespace authseal {
namespace {

constexpr std::array<std::string_view, 2> kReservedNames = {"generic",
                                                            "authseal"};

Result<YamlNode> TreeOf(const MappingSource& source) {
  return source.tree.empty() ? ParseYaml(source.name, source.text)
                             : ReadFlatTree(AsBytes(source.tree));
}

const MappingSource* FindBuiltIn(std::string_view name) {
  for (const MappingSource& source : BuiltInMappings()) {
    std::string_view file = source.name;
    file.remove_suffix(std::min(file.size(), std::string_view(".yaml").size()));
    if (file == name) {
      return &source;
    }
  }
  return nullptr;
}

std::string NameOf(const YamlNode& root) {
  const YamlNode* name = root.Find("name");
  return name == nullptr ? std::string() : name->text;
}

}  // namespace

Result<Mapping> CompileMappingText(const MappingSource& source) {
  TRY_ASSIGN(const YamlNode root, TreeOf(source));
  MappingText text{source.name, &root, {}, nullptr};
  YamlNode base;
  if (const YamlNode* like = root.Find("like")) {
    const MappingSource* other = FindBuiltIn(like->text);
    if (other == nullptr || other == &source) {
      return YamlError(source.name, *like,
                       "there is no built-in mapping '" + like->text + "'");
    }
    TRY_ASSIGN(base, TreeOf(*other));
    text.base_file = other->name;
    text.base = &base;
  }
  return CompileMapping(text);
}

Result<MappingLibrary> MappingLibrary::Load(
    std::span<const MappingSource> extra) {
  MappingLibrary library;
  library.recogniser_.WatchEnvelopes(EnvelopePointers());
  for (const MappingSource& source : extra) {
    TRY(library.AddExtra(source));
  }
  for (const MappingSource& source : BuiltInMappings()) {
    TRY(library.AddBuiltIn(source));
  }
  return library;
}

Status MappingLibrary::AddExtra(const MappingSource& source) {
  TRY_ASSIGN(const YamlNode root, ParseYaml(source.name, source.text));
  TRY_ASSIGN(Mapping mapping, CompileMappingText(source));
  const bool reserved = std::find(kReservedNames.begin(), kReservedNames.end(),
                                  mapping.name) != kReservedNames.end();
  if (reserved || Find(mapping.name)) {
    return YamlError(source.name, *root.Find("name"),
                     "the name '" + mapping.name + "' is taken");
  }
  TRY(recogniser_.Add({source.name, &root, {}, nullptr}));
  auto slot = std::make_unique<Slot>();
  slot->name = mapping.name;
  slot->mapping = std::move(mapping);
  slots_.push_back(std::move(slot));
  return Ok();
}

Status MappingLibrary::AddBuiltIn(const MappingSource& source) {
  constexpr std::array<std::string_view, 2> kSections = {"name", "recognise"};
  TRY_ASSIGN(const YamlNode root,
             ReadFlatSections(AsBytes(source.tree), kSections));
  TRY(recogniser_.Add({source.name, &root, {}, nullptr}));
  auto slot = std::make_unique<Slot>();
  slot->name = NameOf(root);
  slot->source = &source;
  slots_.push_back(std::move(slot));
  return Ok();
}

std::optional<std::size_t> MappingLibrary::Find(std::string_view name) const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i]->name == name) {
      return i;
    }
  }
  return std::nullopt;
}

const Mapping& MappingLibrary::mapping(std::size_t number) const {
  Slot& slot = *slots_[number];
  if (slot.source != nullptr) {
    std::call_once(slot.once, [&slot] {
      // Built-in texts compile (a test sees to it); without one, the events
      // of its records have kind other.
      if (auto compiled = CompileMappingText(*slot.source)) {
        slot.mapping = *std::move(compiled);
      }
      slot.mapping.name = slot.name;
    });
  }
  return slot.mapping;
}

}  // namespace authseal
