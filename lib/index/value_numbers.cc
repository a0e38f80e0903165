#include "lib/index/value_numbers.h"

#include <algorithm>
#include <utility>

#include "lib/base/quick_hash.h"

namespace authseal {
namespace {

constexpr std::size_t kSlotsMin = 256;

}  // namespace

void ValueNumbers::Clear() {
  slots_.assign(kSlotsMin, {});
  text_.clear();
  ends_.clear();
}

std::string_view ValueNumbers::Value(std::size_t number) const {
  const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
  return std::string_view(text_).substr(begin, ends_[number] - begin);
}

ValueNumbers::Numbered ValueNumbers::NumberOf(std::string_view value) {
  const auto hash = static_cast<std::uint32_t>(QuickHash(value));
  if (2 * ends_.size() >= slots_.size()) {
    Grow();
  }
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].number_plus_one != 0) {
    const std::size_t number = slots_[at].number_plus_one - 1;
    if (slots_[at].hash == hash && Value(number) == value) {
      return {static_cast<std::uint16_t>(number), false};
    }
    at = (at + 1) & (slots_.size() - 1);
  }
  const std::size_t number = ends_.size();
  slots_[at] = {hash, static_cast<std::uint32_t>(number + 1)};
  text_ += value;
  ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  return {static_cast<std::uint16_t>(number), true};
}

void ValueNumbers::Grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(std::max(kSlotsMin, 2 * old.size()), {});
  for (const Slot& slot : old) {
    if (slot.number_plus_one == 0) {
      continue;
    }
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].number_plus_one != 0) {
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = slot;
  }
}

}  // namespace authseal
