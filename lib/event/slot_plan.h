// Where a mapping's values come from, compiled: tries for pointers into the
// record and into an item of `each`, and texts that hold more values.
#ifndef AUTHSEAL_EVENT_SLOT_PLAN_H_
#define AUTHSEAL_EVENT_SLOT_PLAN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/extractor.h"
#include "lib/event/pointer_trie.h"
#include "lib/event/record_values.h"
#include "lib/event/text_pattern.h"

namespace authseal {

// Built once, then const and safe from many threads.
class SlotPlan {
 public:
  // Extractors may begin at an item from now on; without, '@' is an error.
  void AllowItems() { has_items_ = true; }

  // Errors are kInvalidArgument, without position.
  Result<SlotRef> Add(std::string_view extractor_text);
  // Its named groups become what `group:name` means from now on; of patterns
  // with the same group the first that matches counts.
  Status AddPattern(std::string_view extractor_text,
                    std::string_view expression);

  // All slots of a record; those of items stay absent.
  void Fill(JsonValue root, RecordValues& values) const;
  // In a document of the shape `rest` is of: only the slots RestOf could not do
  // without. The others stay absent.
  void FillRest(JsonValue root, const TriePath& rest,
                RecordValues& values) const;
  // What is left of `path` without the values that can be read in place.
  TriePath RestOf(const TriePath& path) const;
  // The slots of the next item, those of the item before being forgotten.
  void FillItem(JsonValue item, RecordValues& values) const;

  std::size_t slot_count() const { return next_slot_; }
  // The slots that Fill or FillItem may set in documents of the shape that
  // `path`, of this plan's own walk, was learnt from: their numbers, ascending.
  std::vector<SlotIndex> SlotsWithin(const TriePath& path) const;
  // Whether Fill sets no slots but those of `path` in these documents.
  bool IsAllOf(const TriePath& path) const;
  // Whether any slot lies inside an item.
  bool has_item_slots() const { return !item_slots_.empty(); }

 private:
  struct Output {
    std::string name;
    SlotIndex slot = 0;
  };
  struct TextSource {
    Extractor::Source kind = Extractor::Source::kKeyValue;
    SlotRef from;
    bool of_item = false;
    std::vector<Output> outputs;       // not for kJson
    PointerTrie inner;                 // kJson
    std::size_t document = 0;          // kJson
    std::vector<TextPattern> pattern;  // kGroup: exactly one
  };

  Result<SlotRef> AddPointer(std::string_view pointer, bool of_item);
  Result<SlotRef> AddTextOutput(const Extractor& extractor);
  Result<SlotRef> FindGroup(std::string_view name) const;
  SlotIndex NewSlot(bool of_item);
  void FillConstants(RecordValues& values) const;
  void FillTexts(bool of_item, RecordValues& values) const;
  static void FillKeyValues(const TextSource& source, std::string_view text,
                            RecordValues& values);
  static void FillJson(const TextSource& source, std::string_view text,
                       RecordValues& values);
  static void FillQuery(const TextSource& source, std::string_view text,
                        RecordValues& values);
  static void FillGroups(const TextSource& source, std::string_view text,
                         RecordValues& values);

  PointerTrie record_;
  PointerTrie item_;
  std::vector<TextSource> sources_;
  std::vector<Output> constants_;
  std::vector<SlotIndex> item_slots_;
  SlotIndex next_slot_ = 0;
  std::size_t next_document_ = 0;
  bool has_items_ = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_SLOT_PLAN_H_
