#include "lib/event/value_memo.h"

#include <algorithm>

#include "lib/base/quick_hash.h"

namespace authseal {

std::optional<std::uint32_t> ValueMemo::Find(const MemoKey& key) {
  if (entries_.empty()) {
    entries_.resize(kEntries);
  }
  place_ = QuickHash(key.view()) % kEntries;
  const Entry& entry = entries_[place_];
  if (entry.size != key.size_ ||
      std::memcmp(entry.bytes.data(), key.bytes_.data(), key.size_) != 0) {
    return std::nullopt;
  }
  return entry.value;
}

void ValueMemo::Remember(const MemoKey& key, std::uint32_t value) {
  Entry& entry = entries_[place_];
  std::copy_n(key.bytes_.begin(), key.size_, entry.bytes.begin());
  entry.size = static_cast<std::uint32_t>(key.size_);
  entry.value = value;
}

}  // namespace authseal
