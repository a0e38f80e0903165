// Which records of a block may have an event with a wanted token, session,
// request id, user or client, found in the block's bytes before any record is
// mapped: the one block that an index names has a thousand.
//
// Such a field's text stands in the record as it is, but for what field_value.h
// and embedded_text.h undo: escapes of JSON and of quoted values, which begin
// with a backslash, and but for \uXXXX stand for characters that few values
// have; %XX and '+' of URLs; base64 of a fingerprint. Records that are left out
// cannot be answers; records that are kept need not be.
#ifndef AUTHSEAL_QUERY_NEEDLE_PREFILTER_H_
#define AUTHSEAL_QUERY_NEEDLE_PREFILTER_H_

#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/query/event_filter.h"
#include "lib/query/pair_search.h"

namespace authseal {

// One a thread.
class NeedlePrefilter {
 public:
  // `only_built_in`: no mapping of a user's own makes the events, whose
  // constants and tables stand in no record.
  NeedlePrefilter(const EventFilter& filter, bool only_built_in);

  // Whether there is anything to look for; if not, every record may match.
  bool useful() const { return !literals_.empty(); }

  // The records that may match, ascending, replacing `candidates`. `records`
  // are those of one text, in order and each followed by LF; `marks` are of
  // their header. What ingest wrapped is always kept. Only when useful().
  void Find(const std::vector<std::string_view>& records,
            std::span<const MarkRun> marks,
            std::vector<std::uint32_t>& candidates);

 private:
  void Keep(const std::vector<std::string_view>& records,
            std::string_view literal);
  void KeepPercentEncoded(const std::vector<std::string_view>& records);

  // A record that matches has one of these, or such an escape, or %XX for one
  // of those bytes.
  std::vector<std::string> literals_;
  EscapeStops escapes_ = EscapeStops::kAll;
  std::bitset<256> encoded_;
  std::vector<std::uint8_t> kept_;  // by record
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_NEEDLE_PREFILTER_H_
