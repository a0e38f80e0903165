#include "lib/index/segment_columns.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "lib/base/coding.h"
#include "lib/index/column_layout.h"
#include "lib/index/packed_list.h"
#include "lib/index/time_column.h"
#include "lib/index/value_sums.h"

namespace authseal {
namespace {

// A value of a dictionary and how many events have it. Acts sort by the bytes
// that they are written as; `group` is the act of a detail, else 0.
struct Value {
  std::uint32_t group = 0;
  std::string bytes;
  std::uint64_t events = 0;
};

// Values of one column over all blocks. First they are collected, then
// numbered: the most frequent first, so that most numbers are small; within
// each group by itself.
class Dictionary {
 public:
  void Add(std::uint32_t group, const std::string& bytes,
           std::uint64_t events) {
    if (left_out_) {
      return;
    }
    const auto [found, is_new] = numbers_.try_emplace(
        Key(group, bytes), static_cast<std::uint32_t>(values_.size()));
    if (is_new) {
      values_.push_back({group, bytes, 0});
      size_bytes_ += bytes.size();
      if (values_.size() > kDictionaryValuesMax ||
          size_bytes_ > kDictionarySizeBytesMax) {
        LeaveOut();
        return;
      }
    }
    values_[found->second].events += events;
  }

  // `events`: of all blocks whose values were added.
  void Number(std::uint64_t events) {
    if (values_.size() > DictionaryValuesMax(events)) {
      LeaveOut();
      return;
    }
    std::sort(values_.begin(), values_.end(),
              [](const Value& a, const Value& b) {
                return std::tie(a.group, b.events, a.bytes) <
                       std::tie(b.group, a.events, b.bytes);
              });
    numbers_.clear();
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      number =
          i > 0 && values_[i].group == values_[i - 1].group ? number + 1 : 0;
      numbers_.emplace(Key(values_[i].group, values_[i].bytes), number);
      places_.emplace(Key(values_[i].group, values_[i].bytes), i);
    }
    sums_.values.resize(values_.size());
  }

  // Of one block: of each of its values the place, and the sum.
  void AddSum(std::uint32_t group, const std::string& bytes,
              const ValueSum& sum) {
    if (!left_out_) {
      sums_.values[places_.at(Key(group, bytes))].Add(sum);
    }
  }
  void LeaveBlockOutOfSums() { ++sums_.blocks_left_out; }
  const DictionarySums& sums() const { return sums_; }

  bool left_out() const { return left_out_; }
  const std::vector<Value>& values() const { return values_; }
  std::uint32_t NumberOf(std::uint32_t group, const std::string& bytes) const {
    return numbers_.at(Key(group, bytes));
  }

 private:
  static std::string Key(std::uint32_t group, const std::string& bytes) {
    std::string key = bytes;
    for (int i = 0; i < 4; ++i) {
      key += static_cast<char>(group >> (8 * i) & 0xff);
    }
    return key;
  }
  void LeaveOut() {
    left_out_ = true;
    values_.clear();
    numbers_.clear();
    places_.clear();
    sums_.values.clear();
  }

  bool left_out_ = false;
  std::size_t size_bytes_ = 0;
  std::vector<Value> values_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::unordered_map<std::string, std::size_t> places_;
  DictionarySums sums_;
};

std::vector<std::uint64_t> CountCodes(const std::vector<std::uint16_t>& codes,
                                      std::size_t values) {
  std::vector<std::uint64_t> counts(values);
  for (const std::uint16_t code : codes) {
    ++counts[code];
  }
  return counts;
}

class Encoding {
 public:
  Encoding(std::span<const BlockIndexPart* const> parts,
           const std::vector<std::string>& providers)
      : parts_(parts), providers_(providers) {}

  ColumnSections Run() {
    Collect();
    ColumnSections sections;
    WriteDictionaries(sections.dictionaries);
    for (const BlockIndexPart* part : parts_) {
      AddSums(*part);
    }
    WriteSums(sections.dictionaries);
    WriteColumns(sections.columns);
    return sections;
  }

 private:
  std::string ActBytes(const BlockIndexPart& part,
                       const BlockColumns::Act& act) const {
    const auto provider = std::lower_bound(providers_.begin(), providers_.end(),
                                           part.providers.at(act.provider)) -
                          providers_.begin();
    return {static_cast<char>(provider), static_cast<char>(act.kind),
            static_cast<char>(act.outcome)};
  }
  // Details are grouped by their act's number in the segment.
  std::uint32_t ActNumber(const BlockIndexPart& part, std::uint16_t act) const {
    return acts_.NumberOf(0, ActBytes(part, part.columns.acts[act]));
  }

  void Collect() {
    std::uint64_t events = 0;
    for (const BlockIndexPart* part : parts_) {
      const BlockColumns& block = part->columns;
      events += block.event_count;
      const auto counts = CountCodes(block.act_codes, block.acts.size());
      for (std::size_t i = 0; i < counts.size(); ++i) {
        acts_.Add(0, ActBytes(*part, block.acts[i]), counts[i]);
      }
      const auto clients = CountCodes(block.client_codes, block.clients.size());
      for (std::size_t i = 0; i < clients.size(); ++i) {
        clients_.Add(0, block.clients[i], clients[i]);
      }
    }
    // There are fewer acts than a dictionary may have values.
    acts_.Number(std::uint64_t{kDictionaryValuesMax} * 16);
    clients_.Number(events);
    for (const BlockIndexPart* part : parts_) {
      const BlockColumns& block = part->columns;
      const auto counts = CountCodes(block.detail_codes, block.details.size());
      for (std::size_t i = 0; i < counts.size(); ++i) {
        details_.Add(ActNumber(*part, block.details[i].act),
                     block.details[i].values, counts[i]);
      }
    }
    details_.Number(events);
  }

  static void WriteDictionary(const Dictionary& dictionary, bool with_group,
                              ByteVector& out) {
    Encoder bytes;
    bytes.U32(dictionary.left_out()
                  ? kDictionaryLeftOut
                  : static_cast<std::uint32_t>(dictionary.values().size()));
    for (const Value& value : dictionary.values()) {
      if (with_group) {
        bytes.U16(static_cast<std::uint16_t>(value.group));
      }
      bytes.Raw(AsBytes(value.bytes));
    }
    out.insert(out.end(), bytes.bytes().begin(), bytes.bytes().end());
  }

  void WriteDictionaries(ByteVector& out) const {
    WriteDictionary(acts_, false, out);
    WriteDictionary(details_, true, out);
    WriteDictionary(clients_, false, out);
  }

  void AddSums(const BlockIndexPart& part) {
    const BlockColumns& block = part.columns;
    std::vector<UnixNanos> times;
    std::vector<std::uint64_t> packed;
    const bool has_times =
        block.event_count == 0 ||
        ReadTimes(block.times, block.event_count, packed, times).has_value();
    const auto sums_of = [&](const std::vector<std::uint16_t>& codes,
                             std::size_t values, Dictionary& dictionary) {
      if (block.left_out || codes.size() != block.event_count || !has_times) {
        dictionary.LeaveBlockOutOfSums();
        return std::vector<ValueSum>();
      }
      return SumCodes(codes, times, values);
    };
    const auto acts = sums_of(block.act_codes, block.acts.size(), acts_);
    for (std::size_t i = 0; i < acts.size(); ++i) {
      acts_.AddSum(0, ActBytes(part, block.acts[i]), acts[i]);
    }
    const auto details =
        sums_of(block.detail_codes, block.details.size(), details_);
    for (std::size_t i = 0; i < details.size(); ++i) {
      const BlockColumns::Detail& detail = block.details[i];
      details_.AddSum(ActNumber(part, detail.act), detail.values, details[i]);
    }
    const auto clients =
        sums_of(block.client_codes, block.clients.size(), clients_);
    for (std::size_t i = 0; i < clients.size(); ++i) {
      clients_.AddSum(0, block.clients[i], clients[i]);
    }
  }

  void WriteSums(ByteVector& out) const {
    Encoder sums;
    EncodeSums(acts_.sums(), sums);
    EncodeSums(details_.sums(), sums);
    EncodeSums(clients_.sums(), sums);
    out.insert(out.end(), sums.bytes().begin(), sums.bytes().end());
  }

  // Codes of a block as numbers of the segment.
  static void AppendCodes(const std::vector<std::uint16_t>& codes,
                          const std::vector<std::uint32_t>& numbers,
                          ByteVector& out) {
    std::vector<std::uint64_t> list;
    list.reserve(codes.size());
    for (const std::uint16_t code : codes) {
      list.push_back(numbers[code]);
    }
    if (!list.empty()) {
      AppendPacked(list, out);
    }
  }

  void AppendActs(const BlockIndexPart& part, ByteVector& out) const {
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < part.columns.acts.size(); ++i) {
      numbers.push_back(ActNumber(part, static_cast<std::uint16_t>(i)));
    }
    AppendCodes(part.columns.act_codes, numbers, out);
  }

  void AppendDetails(const BlockIndexPart& part, ByteVector& out) const {
    if (details_.left_out()) {
      return;
    }
    std::vector<std::uint32_t> numbers;
    for (const BlockColumns::Detail& detail : part.columns.details) {
      numbers.push_back(
          details_.NumberOf(ActNumber(part, detail.act), detail.values));
    }
    AppendCodes(part.columns.detail_codes, numbers, out);
  }

  void AppendClients(const BlockIndexPart& part, ByteVector& out) const {
    if (clients_.left_out()) {
      return;
    }
    std::vector<std::uint32_t> numbers;
    for (const std::string& client : part.columns.clients) {
      numbers.push_back(clients_.NumberOf(0, client));
    }
    AppendCodes(part.columns.client_codes, numbers, out);
  }

  void AppendPiece(IndexColumn column, const BlockIndexPart& part,
                   ByteVector& out) const {
    const BlockColumns& block = part.columns;
    switch (column) {
      case IndexColumn::kRecords:
        out.insert(out.end(), block.records.begin(), block.records.end());
        break;
      case IndexColumn::kTimes:
        out.insert(out.end(), block.times.begin(), block.times.end());
        break;
      case IndexColumn::kActs:
        AppendActs(part, out);
        break;
      case IndexColumn::kDetails:
        AppendDetails(part, out);
        break;
      case IndexColumn::kClients:
        AppendClients(part, out);
        break;
    }
  }

  void WriteColumns(ByteVector& out) const {
    std::vector<std::array<std::uint32_t, kIndexColumns>> sizes(parts_.size());
    ByteVector pieces;
    for (std::size_t column = 0; column < kIndexColumns; ++column) {
      for (std::size_t i = 0; i < parts_.size(); ++i) {
        const std::size_t before = pieces.size();
        AppendPiece(static_cast<IndexColumn>(column), *parts_[i], pieces);
        sizes[i][column] = static_cast<std::uint32_t>(pieces.size() - before);
      }
    }
    Encoder entries;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const BlockColumns& block = parts_[i]->columns;
      entries.U32(block.left_out ? kColumnsLeftOut : block.event_count);
      for (const std::uint32_t size_bytes : sizes[i]) {
        entries.U32(size_bytes);
      }
    }
    out = std::move(entries).Take();
    out.insert(out.end(), pieces.begin(), pieces.end());
  }

  std::span<const BlockIndexPart* const> parts_;
  const std::vector<std::string>& providers_;
  Dictionary acts_;
  Dictionary details_;
  Dictionary clients_;
};

}  // namespace

ColumnSections EncodeColumns(std::span<const BlockIndexPart* const> parts,
                             const std::vector<std::string>& providers) {
  return Encoding(parts, providers).Run();
}

}  // namespace authseal
