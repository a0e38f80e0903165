#include "lib/index/segment_columns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/coding.h"
#include "lib/index/column_layout.h"
#include "lib/index/packed_list.h"
#include "lib/index/time_column.h"
#include "lib/index/value_dictionary.h"
#include "lib/index/value_sums.h"

namespace authseal {
namespace {

std::vector<std::uint64_t> CountCodes(const std::vector<std::uint16_t>& codes,
                                      std::size_t values) {
  std::vector<std::uint64_t> counts(values);
  for (const std::uint16_t code : codes) {
    ++counts[code];
  }
  return counts;
}

// Of one block: its values' ids in the segment's dictionaries.
struct BlockIds {
  std::vector<ValueDictionary::Id> acts;
  std::vector<ValueDictionary::Id> details;
  std::vector<ValueDictionary::Id> clients;
};

class Encoding {
 public:
  Encoding(std::span<const BlockIndexPart* const> parts,
           const std::vector<std::string>& providers)
      : parts_(parts), providers_(providers), ids_(parts.size()) {}

  ColumnSections Run() {
    Collect();
    AddSums();
    ColumnSections sections;
    acts_.AppendValues(false, sections.dictionaries);
    details_.AppendValues(true, sections.dictionaries);
    clients_.AppendValues(false, sections.dictionaries);
    acts_.AppendSums(sections.dictionaries);
    details_.AppendSums(sections.dictionaries);
    clients_.AppendSums(sections.dictionaries);
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

  void Collect() {
    std::uint64_t events = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const BlockColumns& block = parts_[i]->columns;
      events += block.event_count;
      const auto acts = CountCodes(block.act_codes, block.acts.size());
      for (std::size_t act = 0; act < acts.size(); ++act) {
        ids_[i].acts.push_back(
            acts_.Add(0, ActBytes(*parts_[i], block.acts[act]), acts[act]));
      }
      const auto clients = CountCodes(block.client_codes, block.clients.size());
      for (std::size_t client = 0; client < clients.size(); ++client) {
        ids_[i].clients.push_back(
            clients_.Add(0, block.clients[client], clients[client]));
      }
    }
    // There are fewer acts than a dictionary may have values.
    acts_.Number(std::uint64_t{kDictionaryValuesMax} * 16);
    clients_.Number(events);
    CollectDetails();
    details_.Number(events);
  }

  // They are grouped by their act's number in the segment.
  void CollectDetails() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const BlockColumns& block = parts_[i]->columns;
      const auto counts = CountCodes(block.detail_codes, block.details.size());
      for (std::size_t detail = 0; detail < counts.size(); ++detail) {
        const auto& [act, values] = block.details[detail];
        ids_[i].details.push_back(details_.Add(
            acts_.NumberOf(ids_[i].acts[act]), values, counts[detail]));
      }
    }
  }

  void AddSums() {
    std::vector<UnixNanos> times;
    std::vector<std::uint64_t> packed;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const BlockColumns& block = parts_[i]->columns;
      const bool has_times =
          block.event_count == 0 ||
          ReadTimes(block.times, block.event_count, packed, times).has_value();
      const auto add = [&](const std::vector<std::uint16_t>& codes,
                           const std::vector<ValueDictionary::Id>& ids,
                           ValueDictionary& dictionary) {
        if (block.left_out || codes.size() != block.event_count || !has_times) {
          dictionary.LeaveBlockOutOfSums();
          return;
        }
        const auto sums = SumCodes(codes, times, ids.size());
        for (std::size_t value = 0; value < sums.size(); ++value) {
          dictionary.AddSum(ids[value], sums[value]);
        }
      };
      add(block.act_codes, ids_[i].acts, acts_);
      add(block.detail_codes, ids_[i].details, details_);
      add(block.client_codes, ids_[i].clients, clients_);
    }
  }

  // Codes of a block as numbers of the segment.
  static void AppendCodes(const std::vector<std::uint16_t>& codes,
                          const std::vector<ValueDictionary::Id>& ids,
                          const ValueDictionary& dictionary, ByteVector& out) {
    if (codes.empty() || dictionary.left_out()) {
      return;
    }
    std::vector<std::uint64_t> list;
    list.reserve(codes.size());
    for (const std::uint16_t code : codes) {
      list.push_back(dictionary.NumberOf(ids[code]));
    }
    AppendPacked(list, out);
  }

  void AppendPiece(IndexColumn column, std::size_t i, ByteVector& out) const {
    const BlockColumns& block = parts_[i]->columns;
    switch (column) {
      case IndexColumn::kRecords:
        out.insert(out.end(), block.records.begin(), block.records.end());
        break;
      case IndexColumn::kTimes:
        out.insert(out.end(), block.times.begin(), block.times.end());
        break;
      case IndexColumn::kActs:
        AppendCodes(block.act_codes, ids_[i].acts, acts_, out);
        break;
      case IndexColumn::kDetails:
        AppendCodes(block.detail_codes, ids_[i].details, details_, out);
        break;
      case IndexColumn::kClients:
        AppendCodes(block.client_codes, ids_[i].clients, clients_, out);
        break;
    }
  }

  void WriteColumns(ByteVector& out) const {
    std::vector<std::array<std::uint32_t, kIndexColumns>> sizes(parts_.size());
    ByteVector pieces;
    for (std::size_t column = 0; column < kIndexColumns; ++column) {
      for (std::size_t i = 0; i < parts_.size(); ++i) {
        const std::size_t before = pieces.size();
        AppendPiece(static_cast<IndexColumn>(column), i, pieces);
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
  std::vector<BlockIds> ids_;  // by block
  ValueDictionary acts_;
  ValueDictionary details_;
  ValueDictionary clients_;
};

}  // namespace

ColumnSections EncodeColumns(std::span<const BlockIndexPart* const> parts,
                             const std::vector<std::string>& providers) {
  return Encoding(parts, providers).Run();
}

}  // namespace authseal
