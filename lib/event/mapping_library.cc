#include "lib/event/mapping_library.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/check.h"
#include "lib/event/envelope.h"
#include "lib/event/flat_tree.h"
#include "lib/event/mapping_compiler.h"
#include "lib/event/yaml_tree.h"

namespace authseal {
namespace {

constexpr std::array<std::string_view, 2> kReservedNames = {"generic",
                                                            "authseal"};

const BuiltInMapping* FindBuiltIn(std::string_view name) {
  for (const BuiltInMapping& source : BuiltInMappings()) {
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

Result<Mapping> CompileTree(std::string_view file, const YamlNode& root,
                            bool built_in) {
  MappingText text{file, &root, {}, nullptr, built_in};
  YamlNode base;
  if (const YamlNode* like = root.Find("like")) {
    const BuiltInMapping* other = FindBuiltIn(like->text);
    if (other == nullptr || (built_in && other->name == file)) {
      return YamlError(file, *like,
                       "there is no built-in mapping '" + like->text + "'");
    }
    TRY_ASSIGN(base, ReadFlatTree(AsBytes(other->tree)));
    text.base_file = other->name;
    text.base = &base;
  }
  return CompileMapping(text);
}

Result<Mapping> CompileBuiltIn(const BuiltInMapping& source) {
  TRY_ASSIGN(const YamlNode root, ReadFlatTree(AsBytes(source.tree)));
  return CompileTree(source.name, root, true);
}

}  // namespace

Result<Mapping> CompileMappingText(const MappingSource& source) {
  TRY_ASSIGN(const YamlNode root, ParseYaml(source.name, source.text));
  return CompileTree(source.name, root, false);
}

Result<MappingLibrary> MappingLibrary::Load(
    std::span<const MappingSource> extra) {
  MappingLibrary library;
  library.only_built_in_ = extra.empty();
  library.contents_->recogniser.WatchEnvelopes(EnvelopePointers());
  for (const MappingSource& source : extra) {
    TRY(library.contents_->AddExtra(source));
  }
  return library;
}

void MappingLibrary::Complete() const {
  std::call_once(contents_->once, [this] {
    for (const BuiltInMapping& source : BuiltInMappings()) {
      // They are good: a test sees to it.
      AUTHSEAL_CHECK(contents_->AddBuiltIn(source).has_value());
    }
    contents_->complete.store(true, std::memory_order_release);
  });
}

Status MappingLibrary::Contents::AddExtra(const MappingSource& source) {
  TRY_ASSIGN(const YamlNode root, ParseYaml(source.name, source.text));
  TRY_ASSIGN(Mapping mapping, CompileTree(source.name, root, false));
  const auto named = [&mapping](const std::unique_ptr<Slot>& slot) {
    return slot->name == mapping.name;
  };
  const bool reserved = std::find(kReservedNames.begin(), kReservedNames.end(),
                                  mapping.name) != kReservedNames.end();
  if (reserved || std::any_of(slots.begin(), slots.end(), named)) {
    return YamlError(source.name, *root.Find("name"),
                     "the name '" + mapping.name + "' is taken");
  }
  TRY(recogniser.Add({source.name, &root, {}, nullptr}));
  auto slot = std::make_unique<Slot>();
  slot->name = mapping.name;
  slot->mapping = std::move(mapping);
  slots.push_back(std::move(slot));
  return Ok();
}

Status MappingLibrary::Contents::AddBuiltIn(const BuiltInMapping& source) {
  constexpr std::array<std::string_view, 2> kSections = {"name", "recognise"};
  TRY_ASSIGN(const YamlNode root,
             ReadFlatSections(AsBytes(source.tree), kSections));
  TRY(recogniser.Add({source.name, &root, {}, nullptr, true}));
  auto slot = std::make_unique<Slot>();
  slot->name = NameOf(root);
  slot->source = &source;
  slots.push_back(std::move(slot));
  return Ok();
}

std::optional<std::size_t> MappingLibrary::Find(std::string_view name) const {
  const Contents& all = contents();
  for (std::size_t i = 0; i < all.slots.size(); ++i) {
    if (all.slots[i]->name == name) {
      return i;
    }
  }
  return std::nullopt;
}

const Mapping& MappingLibrary::mapping(std::size_t number) const {
  Slot& slot = *contents().slots[number];
  if (slot.source != nullptr &&
      !slot.compiled.load(std::memory_order_acquire)) {
    std::call_once(slot.once, [&slot] {
      // Built-in texts compile (a test sees to it); without one, the events
      // of its records have kind other.
      if (auto compiled = CompileBuiltIn(*slot.source)) {
        slot.mapping = *std::move(compiled);
      }
      slot.mapping.name = slot.name;
      slot.compiled.store(true, std::memory_order_release);
    });
  }
  return slot.mapping;
}

}  // namespace authseal
