#include "lib/index/block_columns.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "lib/base/coding.h"
#include "lib/index/packed_list.h"
#include "lib/index/time_column.h"

namespace authseal {

std::size_t BlockColumns::size_bytes() const {
  std::size_t size =
      records.capacity() + times.capacity() + acts.capacity() * sizeof(acts[0]);
  for (const auto* codes : {&act_codes, &detail_codes, &client_codes}) {
    size += codes->capacity() * sizeof((*codes)[0]);
  }
  for (const Detail& detail : details) {
    size += sizeof(detail) + detail.values.capacity();
  }
  for (const std::string& client : clients) {
    size += sizeof(client) + client.capacity();
  }
  return size;
}

void BlockColumnsMaker::Dictionary::Clear() {
  numbers.Clear();
  full = false;
}

ValueNumbers::Numbered BlockColumnsMaker::Dictionary::NumberOf(
    std::string_view key) {
  const std::size_t count = numbers.count();
  const ValueNumbers::Numbered numbered = numbers.NumberOf(key);
  if (numbered.is_new) {
    full = count == kBlockColumnValuesMax ||
           numbers.size_bytes() > kBlockColumnTextSizeBytesMax;
  }
  return numbered;
}

void BlockColumnsMaker::Begin() {
  columns_ = {};
  times_.clear();
  events_of_records_.clear();
  record_events_ = 0;
  act_codes_.clear();
  details_.Clear();
  clients_.Clear();
}

void BlockColumnsMaker::LeaveOut() {
  Begin();
  columns_.left_out = true;
}

std::uint16_t BlockColumnsMaker::ActCode(const BlockColumns::Act& act) {
  static_assert(static_cast<int>(EventKind::kOther) < 32);
  static_assert(static_cast<int>(EventOutcome::kUnknown) < 4);
  const std::size_t at =
      act.provider * kActsPerProvider + std::size_t{act.kind} * 4 + act.outcome;
  if (at >= act_codes_.size()) {
    act_codes_.resize((act.provider + 1) * kActsPerProvider, kNoAct);
  }
  if (act_codes_[at] == kNoAct) {
    act_codes_[at] = static_cast<std::uint16_t>(columns_.acts.size());
    columns_.acts.push_back(act);
  }
  return act_codes_[at];
}

template <std::size_t kCount>
bool BlockColumnsMaker::MakeKey(
    const Event& event,
    const std::array<std::string Event::*, kCount>& members) {
  static_assert(kCount <= kDetailMembers.size());  // they fit in key_
  for (const auto member : members) {
    const std::string& value = event.*member;
    if (value.size() > kColumnValueSizeBytesMax) {
      return false;
    }
    key_[key_size_++] = static_cast<char>(value.size());
    std::memcpy(key_.data() + key_size_, value.data(), value.size());
    key_size_ += value.size();
  }
  return true;
}

bool BlockColumnsMaker::AddEvent(const Event& event, std::uint8_t provider,
                                 UnixNanos time) {
  if (columns_.left_out) {
    return false;
  }
  if (times_.size() == kBlockColumnEventsMax) {
    LeaveOut();
    return false;
  }
  ++record_events_;
  times_.push_back(time);
  const std::uint16_t act =
      ActCode({.provider = provider,
               .kind = static_cast<std::uint8_t>(event.kind),
               .outcome = static_cast<std::uint8_t>(event.outcome)});
  columns_.act_codes.push_back(act);
  if (!details_.full) {
    key_[0] = static_cast<char>(act & 0xff);
    key_[1] = static_cast<char>(act >> 8);
    key_size_ = 2;
    details_.full = !MakeKey(event, kDetailMembers);
  }
  if (!details_.full) {
    const ValueNumbers::Numbered detail = details_.NumberOf(key());
    columns_.detail_codes.push_back(detail.number);
    if (detail.is_new) {
      columns_.details.push_back(
          {.act = act, .values = std::string(key().substr(2))});
    }
  }
  if (!clients_.full) {
    key_size_ = 0;
    clients_.full = !MakeKey(event, kClientMembers);
  }
  if (clients_.full) {
    return false;
  }
  const ValueNumbers::Numbered client = clients_.NumberOf(key());
  columns_.client_codes.push_back(client.number);
  if (client.is_new) {
    columns_.clients.emplace_back(key());
  }
  return !client.is_new;
}

void BlockColumnsMaker::EndRecord() {
  if (!columns_.left_out) {
    events_of_records_.push_back(std::exchange(record_events_, 0));
  }
}

BlockColumns BlockColumnsMaker::Take() {
  columns_.event_count = static_cast<std::uint32_t>(times_.size());
  if (std::any_of(events_of_records_.begin(), events_of_records_.end(),
                  [](std::uint64_t count) { return count != 1; })) {
    AppendPacked(events_of_records_, columns_.records);
  }
  if (!times_.empty()) {
    AppendTimes(times_, columns_.times);
  }
  if (details_.full) {
    columns_.details.clear();
    columns_.detail_codes.clear();
  }
  if (clients_.full) {
    columns_.clients.clear();
    columns_.client_codes.clear();
  }
  return std::exchange(columns_, {});
}

}  // namespace authseal
