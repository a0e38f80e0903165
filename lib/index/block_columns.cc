#include "lib/index/block_columns.h"

#include <algorithm>
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
  codes.clear();
  size_bytes = 0;
  full = false;
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
  const std::uint32_t key = std::uint32_t{act.provider} << 16 |
                            std::uint32_t{act.kind} << 8 | act.outcome;
  const auto [found, is_new] = act_codes_.try_emplace(
      key, static_cast<std::uint16_t>(columns_.acts.size()));
  if (is_new) {
    columns_.acts.push_back(act);
  }
  return found->second;
}

// False when a value is too long.
template <std::size_t kCount>
bool BlockColumnsMaker::MakeKey(
    const Event& event,
    const std::array<std::string Event::*, kCount>& members) {
  for (const auto member : members) {
    const std::string& value = event.*member;
    if (value.size() > kColumnValueSizeBytesMax) {
      return false;
    }
    key_ += static_cast<char>(value.size());
    key_ += value;
  }
  return true;
}

std::uint16_t BlockColumnsMaker::CodeOf(const std::string& key,
                                        Dictionary& dictionary, bool& is_new) {
  const auto found = dictionary.codes.find(key);
  is_new = found == dictionary.codes.end();
  if (!is_new) {
    return found->second;
  }
  dictionary.size_bytes += key.size();
  dictionary.full = dictionary.codes.size() == kBlockColumnValuesMax ||
                    dictionary.size_bytes > kBlockColumnTextSizeBytesMax;
  const auto code = static_cast<std::uint16_t>(dictionary.codes.size());
  dictionary.codes.emplace(key, code);
  return code;
}

void BlockColumnsMaker::AddEvent(const Event& event, std::uint8_t provider,
                                 UnixNanos time) {
  if (columns_.left_out) {
    return;
  }
  if (times_.size() == kBlockColumnEventsMax) {
    LeaveOut();
    return;
  }
  ++record_events_;
  times_.push_back(time);
  const std::uint16_t act =
      ActCode({.provider = provider,
               .kind = static_cast<std::uint8_t>(event.kind),
               .outcome = static_cast<std::uint8_t>(event.outcome)});
  columns_.act_codes.push_back(act);
  bool is_new = false;
  if (!details_.full) {
    key_.assign({static_cast<char>(act & 0xff), static_cast<char>(act >> 8)});
    details_.full = !MakeKey(event, kDetailMembers);
  }
  if (!details_.full) {
    columns_.detail_codes.push_back(CodeOf(key_, details_, is_new));
    if (is_new) {
      columns_.details.push_back({.act = act, .values = key_.substr(2)});
    }
  }
  if (!clients_.full) {
    key_.clear();
    clients_.full = !MakeKey(event, kClientMembers);
  }
  if (!clients_.full) {
    columns_.client_codes.push_back(CodeOf(key_, clients_, is_new));
    if (is_new) {
      columns_.clients.push_back(key_);
    }
  }
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
