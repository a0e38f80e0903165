// How many events of a segment have each value of a dictionary, and when the
// first and the last of them happened: a count over the whole segment needs
// these alone, none of its columns. authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_VALUE_SUMS_H_
#define AUTHSEAL_INDEX_VALUE_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/coding.h"
#include "lib/base/result.h"
#include "lib/base/types.h"

namespace authseal {

struct ValueSum {
  std::uint64_t events = 0;
  UnixNanos first;  // with events only
  UnixNanos last;

  void Add(const ValueSum& other);
};

struct DictionarySums {
  // Blocks whose events are in none of the sums.
  std::uint32_t blocks_left_out = 0;
  std::vector<ValueSum> values;  // by the values' places in the dictionary
};

// Of one block: by code, each less than `values`. One time and code an event.
std::vector<ValueSum> SumCodes(std::span<const std::uint16_t> codes,
                               std::span<const UnixNanos> times,
                               std::size_t values);

void EncodeSums(const DictionarySums& sums, Encoder& out);
// Of a dictionary with `values` values. Error kDamaged.
Result<DictionarySums> DecodeSums(Decoder& in, std::size_t values);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_VALUE_SUMS_H_
