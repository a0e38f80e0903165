#include "lib/event/slot_plan.h"

#include <algorithm>
#include <utility>

#include "lib/event/embedded_text.h"

namespace authseal {
namespace {

constexpr std::size_t kSlotsMax = 2048;

}  // namespace

SlotIndex SlotPlan::NewSlot(bool of_item) {
  if (of_item) {
    item_slots_.push_back(next_slot_);
  }
  return next_slot_++;
}

Result<SlotRef> SlotPlan::Add(std::string_view extractor_text) {
  if (next_slot_ >= kSlotsMax) {
    return Error{ErrorCode::kInvalidArgument, "too many extractors"};
  }
  TRY_ASSIGN(const Extractor extractor, ParseExtractor(extractor_text));
  if (extractor.of_item && !has_items_) {
    return Error{ErrorCode::kInvalidArgument,
                 "extractor '" + std::string(extractor_text) +
                     "' begins at an item, and there is none here"};
  }
  switch (extractor.source) {
    case Extractor::Source::kPointer:
      return AddPointer(extractor.pointer, extractor.of_item);
    case Extractor::Source::kMemberName: {
      TRY_ASSIGN(SlotRef ref, AddPointer(extractor.pointer, extractor.of_item));
      ref.member_name = true;
      return ref;
    }
    case Extractor::Source::kGroup:
      return FindGroup(extractor.name);
    case Extractor::Source::kConstant:
      constants_.push_back({extractor.name, NewSlot(false)});
      return SlotRef{constants_.back().slot, false};
    case Extractor::Source::kKeyValue:
    case Extractor::Source::kJson:
    case Extractor::Source::kQuery:
      break;
  }
  return AddTextOutput(extractor);
}

Result<SlotRef> SlotPlan::AddPointer(std::string_view pointer, bool of_item) {
  PointerTrie& trie = of_item ? item_ : record_;
  const SlotIndex before = next_slot_;
  TRY_ASSIGN(const SlotIndex slot, trie.Add(pointer, next_slot_));
  if (of_item && next_slot_ != before) {
    item_slots_.push_back(slot);
  }
  return SlotRef{slot, false};
}

Result<SlotRef> SlotPlan::AddTextOutput(const Extractor& extractor) {
  TRY_ASSIGN(const SlotRef from,
             AddPointer(extractor.pointer, extractor.of_item));
  TextSource* source = nullptr;
  for (TextSource& known : sources_) {
    if (known.kind == extractor.source && known.from.slot == from.slot) {
      source = &known;
    }
  }
  if (source == nullptr) {
    source = &sources_.emplace_back();
    source->kind = extractor.source;
    source->from = from;
    source->of_item = extractor.of_item;
    if (extractor.source == Extractor::Source::kJson) {
      source->document = next_document_++;
    }
  }
  if (extractor.source == Extractor::Source::kJson) {
    const SlotIndex before = next_slot_;
    TRY_ASSIGN(const SlotIndex slot,
               source->inner.Add(extractor.name, next_slot_));
    if (extractor.of_item && next_slot_ != before) {
      item_slots_.push_back(slot);
    }
    return SlotRef{slot, false};
  }
  for (const Output& output : source->outputs) {
    if (output.name == extractor.name) {
      return SlotRef{output.slot, false};
    }
  }
  const SlotIndex slot = NewSlot(extractor.of_item);
  source->outputs.push_back({extractor.name, slot});
  return SlotRef{slot, false};
}

Result<SlotRef> SlotPlan::FindGroup(std::string_view name) const {
  for (const TextSource& source : sources_) {
    if (source.kind != Extractor::Source::kGroup) {
      continue;
    }
    for (const Output& output : source.outputs) {
      if (output.name == name) {
        return SlotRef{output.slot, false};
      }
    }
  }
  return Error{ErrorCode::kInvalidArgument,
               "no pattern has a group '" + std::string(name) + "'"};
}

Status SlotPlan::AddPattern(std::string_view extractor_text,
                            std::string_view expression) {
  TRY_ASSIGN(const Extractor extractor, ParseExtractor(extractor_text));
  TRY_ASSIGN(TextPattern pattern, TextPattern::Create(expression));
  if (pattern.group_names().empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "a pattern without a named group such as (?P<user>...) "
                 "finds nothing"};
  }
  TRY_ASSIGN(const SlotRef from, Add(extractor_text));
  TextSource source;
  source.kind = Extractor::Source::kGroup;
  source.from = from;
  source.of_item = extractor.of_item;
  for (const std::string& name : pattern.group_names()) {
    const auto known = FindGroup(name);
    source.outputs.push_back(
        {name, known ? known->slot : NewSlot(extractor.of_item)});
  }
  source.pattern.push_back(std::move(pattern));
  sources_.push_back(std::move(source));
  return Ok();
}

std::vector<SlotIndex> SlotPlan::SlotsWithin(const TriePath& path) const {
  std::vector<SlotIndex> slots;
  for (const TriePath::Place& place : path.places) {
    slots.push_back(place.slot);
  }
  if (path.has_choices) {
    for (const TriePath::Choice& choice : path.choices) {
      for (const TriePath::Place& place : choice.places) {
        slots.push_back(place.slot);
      }
    }
  } else {
    record_.AddSlotsBelow(path.matching, slots);
  }
  slots.insert(slots.end(), item_slots_.begin(), item_slots_.end());
  for (const Output& constant : constants_) {
    slots.push_back(constant.slot);
  }
  // A text may hold another: what is set last is what is read first.
  for (const TextSource& source : sources_) {
    if (std::find(slots.begin(), slots.end(), source.from.slot) ==
        slots.end()) {
      continue;
    }
    for (const Output& output : source.outputs) {
      slots.push_back(output.slot);
    }
    source.inner.AddSlots(slots);
  }
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

bool SlotPlan::IsAllOf(const TriePath& path) const {
  if (!path.matching.empty() || !constants_.empty()) {
    return false;
  }
  return std::none_of(
      sources_.begin(), sources_.end(), [&path](const TextSource& source) {
        return std::any_of(path.places.begin(), path.places.end(),
                           [&source](const TriePath::Place& place) {
                             return place.slot == source.from.slot;
                           });
      });
}

void SlotPlan::Fill(JsonValue root, RecordValues& values) const {
  FillConstants(values);
  values.Walk(record_, root);
  FillTexts(false, values);
}

void SlotPlan::FillConstants(RecordValues& values) const {
  values.Reset(next_slot_);
  for (const Output& constant : constants_) {
    values.SetText(constant.slot, constant.name);
  }
}

void SlotPlan::FillRest(JsonValue root, const TriePath& rest,
                        RecordValues& values) const {
  FillConstants(values);
  record_.WalkAgain(root, values.slots(), values.workspace(), rest);
  FillTexts(false, values);
}

TriePath SlotPlan::RestOf(const TriePath& path) const {
  TriePath rest = path;
  std::erase_if(rest.places, [this](const TriePath::Place& place) {
    return std::none_of(sources_.begin(), sources_.end(),
                        [place](const TextSource& source) {
                          return source.from.slot == place.slot;
                        });
  });
  return rest;
}

void SlotPlan::FillItem(JsonValue item, RecordValues& values) const {
  for (const SlotIndex slot : item_slots_) {
    values.Clear(slot);
  }
  item_.Walk(item, values.slots(), values.workspace());
  FillTexts(true, values);
}

void SlotPlan::FillTexts(bool of_item, RecordValues& values) const {
  for (const TextSource& source : sources_) {
    if (source.of_item != of_item) {
      continue;
    }
    const std::optional<std::string_view> text = values.Text(source.from);
    if (!text) {
      continue;
    }
    switch (source.kind) {
      case Extractor::Source::kKeyValue:
        FillKeyValues(source, *text, values);
        break;
      case Extractor::Source::kJson:
        FillJson(source, *text, values);
        break;
      case Extractor::Source::kQuery:
        FillQuery(source, *text, values);
        break;
      case Extractor::Source::kGroup:
        FillGroups(source, *text, values);
        break;
      case Extractor::Source::kPointer:
      case Extractor::Source::kMemberName:
      case Extractor::Source::kConstant:
        break;
    }
  }
}

void SlotPlan::FillKeyValues(const TextSource& source, std::string_view text,
                             RecordValues& values) {
  KeyValueReader reader(text);
  while (const auto pair = reader.Next()) {
    for (const Output& output : source.outputs) {
      const SlotValue& slot = values.slot(output.slot);
      // The first of a name counts: what the server wrote comes before what a
      // client could have put into a later value.
      if (output.name.size() != pair->name.size() ||
          output.name.front() != pair->name.front() ||
          output.name != pair->name ||
          slot.state != SlotValue::State::kAbsent) {
        continue;
      }
      if (pair->escaped) {
        std::string& unescaped = values.NewText();
        UnescapeQuotes(pair->value, unescaped);
        values.SetText(output.slot, unescaped);
      } else {
        values.SetText(output.slot, pair->value);
      }
      break;
    }
  }
}

void SlotPlan::FillJson(const TextSource& source, std::string_view text,
                        RecordValues& values) {
  JsonDocument& document = values.document(source.document);
  if (document.Parse(text) == JsonFault::kNone) {
    source.inner.Walk(document.root(), values.slots(), values.workspace());
  }
}

void SlotPlan::FillQuery(const TextSource& source, std::string_view text,
                         RecordValues& values) {
  for (const Output& output : source.outputs) {
    if (const auto parameter = UrlParameter(text, output.name)) {
      std::string& decoded = values.NewText();
      DecodeFormValue(*parameter, decoded);
      values.SetText(output.slot, decoded);
    }
  }
}

void SlotPlan::FillGroups(const TextSource& source, std::string_view text,
                          RecordValues& values) {
  if (!source.pattern[0].Capture(text, values.groups())) {
    return;
  }
  for (std::size_t i = 0; i < source.outputs.size(); ++i) {
    const std::string_view group = values.groups()[i];
    const SlotIndex slot = source.outputs[i].slot;
    if (group.data() != nullptr &&
        values.slot(slot).state == SlotValue::State::kAbsent) {
      values.SetText(slot, group);
    }
  }
}

}  // namespace authseal
