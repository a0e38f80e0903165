#include "lib/index/value_dictionary.h"

#include <algorithm>
#include <tuple>

#include "lib/base/coding.h"
#include "lib/index/column_layout.h"

namespace authseal {

ValueDictionary::Id ValueDictionary::Add(std::uint32_t group,
                                         const std::string& bytes,
                                         std::uint64_t events) {
  if (left_out_) {
    return 0;
  }
  key_ = bytes;
  for (int i = 0; i < 4; ++i) {
    key_ += static_cast<char>(group >> (8 * i) & 0xff);
  }
  const auto [found, is_new] =
      ids_.try_emplace(key_, static_cast<Id>(values_.size()));
  if (is_new) {
    values_.push_back({group, bytes, 0, found->second});
    size_bytes_ += bytes.size();
    if (values_.size() > kDictionaryValuesMax ||
        size_bytes_ > kDictionarySizeBytesMax) {
      LeaveOut();
      return 0;
    }
  }
  values_[found->second].events += events;
  return found->second;
}

void ValueDictionary::Number(std::uint64_t events) {
  if (values_.size() > DictionaryValuesMax(events)) {
    LeaveOut();
    return;
  }
  std::sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) {
    return std::tie(a.group, b.events, a.bytes) <
           std::tie(b.group, a.events, b.bytes);
  });
  ids_.clear();
  numbers_.resize(values_.size());
  places_.resize(values_.size());
  sums_.values.resize(values_.size());
  std::uint32_t number = 0;
  for (std::size_t place = 0; place < values_.size(); ++place) {
    const Value& value = values_[place];
    number =
        place > 0 && value.group == values_[place - 1].group ? number + 1 : 0;
    numbers_[value.id] = number;
    places_[value.id] = place;
  }
}

void ValueDictionary::AddSum(Id id, const ValueSum& sum) {
  if (!left_out_) {
    sums_.values[places_[id]].Add(sum);
  }
}

void ValueDictionary::AppendValues(bool with_group, ByteVector& out) const {
  Encoder bytes;
  bytes.U32(left_out_ ? kDictionaryLeftOut
                      : static_cast<std::uint32_t>(values_.size()));
  for (const Value& value : values_) {
    if (with_group) {
      bytes.U16(static_cast<std::uint16_t>(value.group));
    }
    bytes.Raw(AsBytes(value.bytes));
  }
  out.insert(out.end(), bytes.bytes().begin(), bytes.bytes().end());
}

void ValueDictionary::AppendSums(ByteVector& out) const {
  Encoder bytes;
  EncodeSums(sums_, bytes);
  out.insert(out.end(), bytes.bytes().begin(), bytes.bytes().end());
}

void ValueDictionary::LeaveOut() {
  left_out_ = true;
  values_.clear();
  ids_.clear();
}

}  // namespace authseal
