// TextPattern::Matches for the short texts that come again and again: kinds
// and codes of events, of which a log has few.
#ifndef AUTHSEAL_EVENT_MATCH_MEMO_H_
#define AUTHSEAL_EVENT_MATCH_MEMO_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/base/short_text.h"
#include "lib/event/text_pattern.h"

namespace authseal {

// One a thread, for the patterns of one mapper, which do not move. Remembers
// whole texts: never says anything but what the pattern says.
class MatchMemo {
 public:
  bool Matches(const TextPattern& pattern, std::string_view text) {
    if (text.size() > ShortText::kSizeBytesMax) {
      return pattern.Matches(text);
    }
    if (entries_.empty()) {
      entries_.resize(kEntries);
    }
    const ShortText key(text);
    const auto address = reinterpret_cast<std::uintptr_t>(&pattern);
    Entry& entry =
        entries_[(key.Hash() + address * kAddressFactor) >> kHashShift];
    if (entry.pattern != &pattern || entry.text != key) {
      entry = {&pattern, key, pattern.Matches(text)};
    }
    return entry.matches;
  }

 private:
  static constexpr int kEntriesLog2 = 8;
  static constexpr std::size_t kEntries = std::size_t{1} << kEntriesLog2;
  static constexpr int kHashShift = 64 - kEntriesLog2;
  static constexpr std::uint64_t kAddressFactor = 0x9E37'79B9'7F4A'7C15;

  struct Entry {
    const TextPattern* pattern = nullptr;  // null: nothing yet
    ShortText text;
    bool matches = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_MATCH_MEMO_H_
