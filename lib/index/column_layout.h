// How the sections of an index that hold its columns are cut; the numbers of
// authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_COLUMN_LAYOUT_H_
#define AUTHSEAL_INDEX_COLUMN_LAYOUT_H_

#include <cstddef>
#include <cstdint>

namespace authseal {

// In the order of their pieces in the file.
enum class IndexColumn : std::uint8_t {
  kRecords,  // how many events each record has
  kTimes,
  kActs,     // provider, kind, outcome
  kDetails,  // kDetailMembers
  kClients,  // kClientMembers
};
inline constexpr std::size_t kIndexColumns = 5;

// One a block in front of the pieces: events, then the bytes of each piece.
inline constexpr std::size_t kColumnEntrySizeBytes = 4 + 4 * kIndexColumns;
// In place of the number of events: the block has no columns.
inline constexpr std::uint32_t kColumnsLeftOut = 0xffff'ffff;

// In place of the number of values: the dictionary, and with it the column, is
// left out.
inline constexpr std::uint32_t kDictionaryLeftOut = 0xffff'ffff;
inline constexpr std::uint32_t kDictionaryValuesMax = 16'384;
inline constexpr std::size_t kDictionarySizeBytesMax = 1u << 20;

// A dictionary that is large against the events would be no gain.
constexpr std::uint64_t DictionaryValuesMax(std::uint64_t events) {
  constexpr std::uint64_t kFree = 256;
  constexpr std::uint64_t kEventsPerValue = 16;
  const std::uint64_t values = kFree + events / kEventsPerValue;
  return values < kDictionaryValuesMax ? values : kDictionaryValuesMax;
}

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_COLUMN_LAYOUT_H_
