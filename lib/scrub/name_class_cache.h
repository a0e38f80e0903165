// ClassifyName, or another function of a name, for the names that come again
// and again: the members of a log's records have few different ones.
#ifndef AUTHSEAL_SCRUB_NAME_CLASS_CACHE_H_
#define AUTHSEAL_SCRUB_NAME_CLASS_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/base/short_text.h"
#include "lib/scrub/secret_names.h"

namespace authseal {

// One a thread. Remembers whole names, so that it never says anything but what
// kClassify says; of two names with one place the later one stays.
template <NameClass (*kClassify)(std::string_view)>
class NameClasses {
 public:
  NameClasses() : entries_(kEntries) {}

  NameClass Classify(std::string_view name) {
    if (name.size() > ShortText::kSizeBytesMax) {
      return kClassify(name);
    }
    const ShortText key(name);
    // The empty name is what an unused entry holds; it is plain.
    Entry& entry = entries_[key.Hash() >> kHashShift];
    if (entry.name != key) {
      entry = {key, kClassify(name)};
    }
    return entry.name_class;
  }

 private:
  static constexpr int kEntriesLog2 = 9;
  static constexpr std::size_t kEntries = std::size_t{1} << kEntriesLog2;
  static constexpr int kHashShift = 64 - kEntriesLog2;

  struct Entry {
    ShortText name;
    NameClass name_class = NameClass::kPlain;
  };
  std::vector<Entry> entries_;
};

using NameClassCache = NameClasses<ClassifyName>;

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_NAME_CLASS_CACHE_H_
