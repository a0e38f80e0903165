// Which lines of a block may meet the conditions of --match, found in the
// block's bytes before any JSON is parsed. Lines that are left out cannot match
// whatever they are; lines that are kept need not.
#ifndef AUTHSEAL_QUERY_LINE_PREFILTER_H_
#define AUTHSEAL_QUERY_LINE_PREFILTER_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/query/member_match.h"
#include "lib/query/pair_search.h"

namespace authseal {

// One a thread.
class LinePrefilter {
 public:
  // All of `conditions` must hold.
  explicit LinePrefilter(const std::vector<MemberMatch>& conditions);

  // Whether there is anything to look for; if not, every line may match.
  bool useful() const { return !literals_.empty(); }

  // The lines that may match, ascending, replacing `candidates`. `lines` are
  // those of one text, in order and each followed by LF. Only when useful().
  void Find(const std::vector<std::string_view>& lines,
            std::vector<std::uint32_t>& candidates);

 private:
  struct Literal {
    std::string bytes;
    PairPattern pattern;
    std::size_t lines_found = 0;  // in the last block it was looked for
  };

  void Add(std::string bytes, std::string_view content);
  void ChoosePairs(std::string_view text);
  Literal& Rarest();
  bool MayMatch(std::string_view line, const Literal& found) const;
  bool EscapesAt(std::string_view text, std::size_t at) const;
  bool HasEscape(std::string_view line) const;

  std::vector<Literal> literals_;  // a matching line has all, or an escape
  // What an escape would have to stand for to hide a literal.
  std::bitset<256> hideable_;
  bool short_escapes_matter_ = false;  // those of two characters
  bool pairs_chosen_ = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_LINE_PREFILTER_H_
