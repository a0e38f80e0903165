// What the events of one block are, field by field, for questions that count
// and need no record. Values are numbered within the block; the segment's own
// numbers are given at its seal (segment_columns.h).
#ifndef AUTHSEAL_INDEX_BLOCK_COLUMNS_H_
#define AUTHSEAL_INDEX_BLOCK_COLUMNS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/types.h"
#include "lib/event/event.h"
#include "lib/index/value_numbers.h"

namespace authseal {

// Behind these a block's events, or one of its columns, are left out: whoever
// counts reads the block. Blocks of logs are far below them.
inline constexpr std::size_t kBlockColumnEventsMax = 65'535;
inline constexpr std::size_t kBlockColumnValuesMax = 4096;
inline constexpr std::size_t kBlockColumnTextSizeBytesMax = 256u << 10;
inline constexpr std::size_t kColumnValueSizeBytesMax = 255;

// The members of an event that are values of the "details" and of the
// "clients" column, in order.
inline constexpr std::array<std::string Event::*, 4> kDetailMembers = {
    &Event::raw_kind, &Event::error, &Event::grant, &Event::tenant};
inline constexpr std::array<std::string Event::*, 2> kClientMembers = {
    &Event::client, &Event::client_name};

struct BlockColumns {
  struct Act {
    std::uint8_t provider = 0;  // in BlockIndexPart::providers
    std::uint8_t kind = 0;
    std::uint8_t outcome = 0;
  };
  struct Detail {
    std::uint16_t act = 0;  // of `acts`
    std::string values;     // each with its length in a byte in front
  };

  bool left_out = false;
  std::uint32_t event_count = 0;
  ByteVector records;  // events of each record, packed; empty: one each
  ByteVector times;    // as the index has them
  std::vector<Act> acts;
  std::vector<std::uint16_t> act_codes;  // one an event
  std::vector<Detail> details;
  std::vector<std::uint16_t> detail_codes;  // empty: the column is left out
  std::vector<std::string> clients;
  std::vector<std::uint16_t> client_codes;  // the same

  std::size_t size_bytes() const;
};

// Reused from block to block.
class BlockColumnsMaker {
 public:
  void Begin();
  // One event of a record; `time`: when it counts as having happened. True
  // where an event before it, in this block, had the same kClientMembers.
  bool AddEvent(const Event& event, std::uint8_t provider, UnixNanos time);
  // After the events of each record; a control record has none.
  void EndRecord();
  BlockColumns Take();

 private:
  static constexpr std::size_t kActsPerProvider = 32 * 4;  // kinds, outcomes
  static constexpr std::uint16_t kNoAct = 0xffff;
  // Two bytes of the act, and each value with its length.
  static constexpr std::size_t kKeySizeBytesMax =
      2 + kDetailMembers.size() * (1 + kColumnValueSizeBytesMax);

  // Numbers of values; full: no room for more.
  struct Dictionary {
    ValueNumbers numbers;
    bool full = false;
    void Clear();
    // Counts the value in; the last may be one too many.
    ValueNumbers::Numbered NumberOf(std::string_view key);
  };
  void LeaveOut();
  std::uint16_t ActCode(const BlockColumns::Act& act);
  // Appends to key_. False when a value is too long.
  template <std::size_t kCount>
  bool MakeKey(const Event& event,
               const std::array<std::string Event::*, kCount>& members);
  std::string_view key() const { return {key_.data(), key_size_}; }

  BlockColumns columns_;
  std::vector<UnixNanos> times_;
  std::vector<std::uint64_t> events_of_records_;
  std::uint64_t record_events_ = 0;
  std::vector<std::uint16_t> act_codes_;  // kActsPerProvider each; or kNoAct
  Dictionary details_;
  Dictionary clients_;
  std::array<char, kKeySizeBytesMax> key_;
  std::size_t key_size_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_BLOCK_COLUMNS_H_
