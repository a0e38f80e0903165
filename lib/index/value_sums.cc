#include "lib/index/value_sums.h"

#include <algorithm>

namespace authseal {

void ValueSum::Add(const ValueSum& other) {
  if (other.events == 0) {
    return;
  }
  first = events == 0 ? other.first : std::min(first, other.first);
  last = events == 0 ? other.last : std::max(last, other.last);
  events += other.events;
}

std::vector<ValueSum> SumCodes(std::span<const std::uint16_t> codes,
                               std::span<const UnixNanos> times,
                               std::size_t values) {
  std::vector<ValueSum> sums(values);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    sums[codes[i]].Add({.events = 1, .first = times[i], .last = times[i]});
  }
  return sums;
}

void EncodeSums(const DictionarySums& sums, Encoder& out) {
  out.U32(sums.blocks_left_out);
  for (const ValueSum& value : sums.values) {
    out.U64(value.events).I64(value.first.value).I64(value.last.value);
  }
}

Result<DictionarySums> DecodeSums(Decoder& in, std::size_t values) {
  DictionarySums sums;
  TRY_ASSIGN(sums.blocks_left_out, in.U32("blocks left out of sums"));
  sums.values.resize(values);
  for (ValueSum& value : sums.values) {
    TRY_ASSIGN(value.events, in.U64("events of a value"));
    TRY_ASSIGN(value.first.value, in.I64("first time of a value"));
    TRY_ASSIGN(value.last.value, in.I64("last time of a value"));
    if (value.last < value.first) {
      return Error{ErrorCode::kDamaged,
                   "the index has a value whose last time is before its first"};
    }
  }
  return sums;
}

}  // namespace authseal
