// What the events of one block are, field by field, for questions that count
// and need no record. Values are numbered within the block; the segment's own
// numbers are given at its seal (segment_columns.h).
#ifndef AUTHSEAL_INDEX_BLOCK_COLUMNS_H_
#define AUTHSEAL_INDEX_BLOCK_COLUMNS_H_

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/types.h"
#include "lib/event/event.h"

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
  // One event of a record; `time`: when it counts as having happened.
  void AddEvent(const Event& event, std::uint8_t provider, UnixNanos time);
  // After the events of each record; a control record has none.
  void EndRecord();
  BlockColumns Take();

 private:
  // Numbers of values, and the room they may still take.
  struct Dictionary {
    std::unordered_map<std::string, std::uint16_t> codes;
    std::size_t size_bytes = 0;
    bool full = false;
    void Clear();
  };
  void LeaveOut();
  std::uint16_t ActCode(const BlockColumns::Act& act);
  // Of key_; sets `is_new` where it was not there.
  static std::uint16_t CodeOf(const std::string& key, Dictionary& dictionary,
                              bool& is_new);
  template <std::size_t kCount>
  bool MakeKey(const Event& event,
               const std::array<std::string Event::*, kCount>& members);

  BlockColumns columns_;
  std::vector<UnixNanos> times_;
  std::vector<std::uint64_t> events_of_records_;
  std::uint64_t record_events_ = 0;
  std::unordered_map<std::uint32_t, std::uint16_t> act_codes_;
  Dictionary details_;
  Dictionary clients_;
  std::string key_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_BLOCK_COLUMNS_H_
