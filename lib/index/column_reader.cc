#include "lib/index/column_reader.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "lib/base/coding.h"
#include "lib/index/packed_list.h"
#include "lib/index/time_column.h"

namespace authseal {
namespace {

constexpr std::size_t kHeldSizeBytes = 256u << 10;
constexpr std::size_t kDictionarySectionSizeBytesMax = 4u << 20;

Error Mismatch(std::string_view what) {
  return {ErrorCode::kDamaged, std::string(what)};
}

std::size_t At(IndexColumn column) {
  return static_cast<std::size_t>(column);
}

// Empty: the dictionary is left out.
Result<std::optional<std::uint32_t>> DecodeCount(Decoder& in) {
  TRY_ASSIGN(const std::uint32_t count, in.U32("values of a dictionary"));
  if (count == kDictionaryLeftOut) {
    return std::optional<std::uint32_t>();
  }
  if (count > kDictionaryValuesMax) {
    return Mismatch("a dictionary of the index has too many values");
  }
  return std::optional(count);
}

template <std::size_t kCount>
Status DecodeValues(Decoder& in, std::array<std::string, kCount>& values) {
  for (std::string& value : values) {
    TRY_ASSIGN(const std::uint8_t size, in.U8("value of a dictionary"));
    TRY_ASSIGN(const Bytes bytes, in.Raw(size, "value of a dictionary"));
    value = AsText(bytes);
  }
  return Ok();
}

Result<std::vector<ColumnDictionaries::Act>> DecodeActs(
    Decoder& in, const IndexHeader& header, bool& has_acts) {
  std::vector<ColumnDictionaries::Act> acts;
  TRY_ASSIGN(const auto count, DecodeCount(in));
  has_acts = count.has_value();
  for (std::uint32_t i = 0; i < count.value_or(0); ++i) {
    TRY_ASSIGN(const std::uint8_t provider, in.U8("provider"));
    TRY_ASSIGN(const std::uint8_t kind, in.U8("kind"));
    TRY_ASSIGN(const std::uint8_t outcome, in.U8("outcome"));
    if (provider >= header.providers.size() ||
        kind > static_cast<std::uint8_t>(EventKind::kOther) ||
        outcome > static_cast<std::uint8_t>(EventOutcome::kUnknown)) {
      return Mismatch("the index has an event of no known kind");
    }
    acts.push_back({.provider = provider,
                    .kind = static_cast<EventKind>(kind),
                    .outcome = static_cast<EventOutcome>(outcome)});
  }
  return acts;
}

}  // namespace

Result<ColumnReader> ColumnReader::Open(IndexReader& index,
                                        const ColumnChoice& choice) {
  ColumnReader reader(index, choice);
  reader.choice_.acts |= choice.details;
  if (!index.header().has_columns) {
    return Mismatch("the index has no columns");
  }
  if (reader.choice_.acts || choice.clients) {
    TRY(reader.ReadDictionaries());
  }
  return reader;
}

Status ColumnReader::ReadEntries() {
  const IndexHeader& header = index_->header();
  const IndexExtent& section = header.columns;
  const std::uint64_t size_bytes =
      std::uint64_t{header.block_count} * kColumnEntrySizeBytes;
  if (size_bytes > section.size_bytes) {
    return Mismatch("the columns of the index end early");
  }
  ByteVector bytes;
  TRY(index_->ReadRun({section.offset_bytes, size_bytes}, bytes));
  TRY_ASSIGN(const std::vector<IndexBlock> blocks, index_->ReadDirectory());
  Decoder in(bytes);
  entries_.resize(header.block_count);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].records = blocks[i].record_count;
    TRY_ASSIGN(entries_[i].events, in.U32("events of a block"));
    for (std::uint32_t& size : entries_[i].sizes_bytes) {
      TRY_ASSIGN(size, in.U32("size of a column"));
    }
  }
  std::uint64_t at = section.offset_bytes + size_bytes;
  for (std::size_t column = 0; column < kIndexColumns; ++column) {
    streams_[column].begin_bytes = at;
    for (Entry& entry : entries_) {
      entry.offsets_bytes[column] = at;
      at += entry.sizes_bytes[column];
    }
    streams_[column].end_bytes = at;
  }
  return at == section.offset_bytes + section.size_bytes
             ? Ok()
             : Status(Mismatch("the columns of the index are not as long as "
                               "they should be"));
}

Status ColumnReader::ReadDictionaries() {
  const IndexExtent& section = index_->header().dictionaries;
  if (section.size_bytes > kDictionarySectionSizeBytesMax) {
    return Mismatch("the dictionaries of the index are too long");
  }
  ByteVector bytes;
  TRY(index_->ReadRun(section, bytes));
  Decoder in(bytes);
  TRY_ASSIGN(dictionaries_.acts,
             DecodeActs(in, index_->header(), dictionaries_.has_acts));
  std::vector<std::uint32_t>& begin = dictionaries_.detail_begin;
  begin.resize(dictionaries_.acts.size() + 1);
  TRY_ASSIGN(const auto details, DecodeCount(in));
  dictionaries_.has_details = details.has_value();
  std::uint16_t last = 0;
  for (std::uint32_t i = 0; i < details.value_or(0); ++i) {
    TRY_ASSIGN(const std::uint16_t act, in.U16("act of a detail"));
    if (act < last || act >= dictionaries_.acts.size()) {
      return Mismatch("the details of the index are out of order");
    }
    last = act;
    ++begin[std::size_t{act} + 1];
    TRY(DecodeValues(in, dictionaries_.details.emplace_back()));
  }
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  TRY_ASSIGN(const auto clients, DecodeCount(in));
  dictionaries_.has_clients = clients.has_value();
  for (std::uint32_t i = 0; i < clients.value_or(0); ++i) {
    TRY(DecodeValues(in, dictionaries_.clients.emplace_back()));
  }
  TRY_ASSIGN(dictionaries_.act_sums, DecodeSums(in, dictionaries_.acts.size()));
  TRY_ASSIGN(dictionaries_.detail_sums,
             DecodeSums(in, dictionaries_.details.size()));
  TRY_ASSIGN(dictionaries_.client_sums,
             DecodeSums(in, dictionaries_.clients.size()));
  return in.Finish();
}

Result<Bytes> ColumnReader::Piece(const Entry& entry, IndexColumn column) {
  Stream& stream = streams_[At(column)];
  const std::uint64_t begin = entry.offsets_bytes[At(column)];
  const std::size_t size_bytes = entry.sizes_bytes[At(column)];
  if (begin < stream.held_begin_bytes ||
      begin + size_bytes > stream.held_begin_bytes + stream.held.size()) {
    const std::uint64_t held = std::min<std::uint64_t>(
        stream.end_bytes - begin, std::max(size_bytes, kHeldSizeBytes));
    stream.held_begin_bytes = begin;
    TRY(index_->ReadRun({begin, held}, stream.held));
  }
  return Bytes(stream.held)
      .subspan(static_cast<std::size_t>(begin - stream.held_begin_bytes),
               size_bytes);
}

Status ColumnReader::ReadCodes(const Entry& entry, IndexColumn column,
                               std::vector<std::uint64_t>& codes) {
  TRY_ASSIGN(const Bytes piece, Piece(entry, column));
  return ReadPacked(piece, entry.events, codes);
}

// That each is the number of a value.
Status ColumnReader::CheckCodes(const ColumnEvents& events) const {
  bool good = true;
  for (std::size_t i = 0; choice_.acts && i < events.count; ++i) {
    good &= events.acts[i] < dictionaries_.acts.size();
  }
  for (std::size_t i = 0; good && choice_.details && i < events.count; ++i) {
    const std::size_t act = static_cast<std::size_t>(events.acts[i]);
    good &= events.details[i] < dictionaries_.detail_begin[act + 1] -
                                    dictionaries_.detail_begin[act];
  }
  for (std::size_t i = 0; choice_.clients && i < events.count; ++i) {
    good &= events.clients[i] < dictionaries_.clients.size();
  }
  return good ? Ok()
              : Status(Mismatch("the columns of the index name a value that "
                                "is not there"));
}

Status ColumnReader::ReadRecords(const Entry& entry, ColumnEvents& events) {
  events.records.clear();
  if (entry.sizes_bytes[At(IndexColumn::kRecords)] == 0) {
    return entry.events == entry.records
               ? Ok()
               : Status(Mismatch("the index has another number of events"));
  }
  TRY_ASSIGN(const Bytes piece, Piece(entry, IndexColumn::kRecords));
  TRY(ReadPacked(piece, entry.records, events.records));
  std::uint64_t sum = 0;
  for (const std::uint64_t count : events.records) {
    if (count > entry.events - sum) {
      return Mismatch("the index has another number of events");
    }
    sum += count;
  }
  return sum == entry.events
             ? Ok()
             : Status(Mismatch("the index has another number of events"));
}

Result<bool> ColumnReader::ReadBlock(std::uint32_t block,
                                     ColumnEvents& events) {
  if (entries_.empty()) {
    TRY(ReadEntries());
  }
  const Entry& entry = entries_.at(block);
  if (entry.events == kColumnsLeftOut) {
    return false;
  }
  if (entry.events > kBlockColumnEventsMax) {
    return Mismatch("a block of the index has too many events");
  }
  events.count = entry.events;
  events.record_count = entry.records;
  TRY(ReadRecords(entry, events));
  const auto has = [&entry](IndexColumn column) {
    return entry.events == 0 || entry.sizes_bytes[At(column)] > 0;
  };
  if ((choice_.details &&
       !(dictionaries_.has_details && has(IndexColumn::kDetails))) ||
      (choice_.clients &&
       !(dictionaries_.has_clients && has(IndexColumn::kClients)))) {
    return false;
  }
  if (entry.events == 0) {
    return true;
  }
  if (choice_.times) {
    TRY_ASSIGN(const Bytes piece, Piece(entry, IndexColumn::kTimes));
    TRY(ReadTimes(piece, entry.events, packed_, events.times));
  }
  if (choice_.acts) {
    TRY(ReadCodes(entry, IndexColumn::kActs, events.acts));
  }
  if (choice_.details) {
    TRY(ReadCodes(entry, IndexColumn::kDetails, events.details));
  }
  if (choice_.clients) {
    TRY(ReadCodes(entry, IndexColumn::kClients, events.clients));
  }
  TRY(CheckCodes(events));
  return true;
}

}  // namespace authseal
