// Looks through text for two bytes at a fixed distance, many places at once:
// a filter in front of a search for a literal, quicker than memory is read.
// At the same time it stops at JSON escapes. Private to lib/query.
#ifndef AUTHSEAL_QUERY_PAIR_SEARCH_H_
#define AUTHSEAL_QUERY_PAIR_SEARCH_H_

#include <cstddef>
#include <string_view>

namespace authseal {

// Bytes of a literal and where they stand in it, first_at < second_at; or the
// only one twice.
struct PairPattern {
  char first = '\0';
  char second = '\0';
  std::size_t first_at = 0;
  std::size_t second_at = 0;
};

// Escapes at which the search stops too.
enum class EscapeStops {
  kUnicode,  // "\u" only
  kAll,      // every backslash
};

// The first place at or behind `from` where the literal of `pattern` may begin
// or an escape of `stops` does; npos when there is none.
std::size_t FindPair(std::string_view text, std::size_t from,
                     const PairPattern& pattern, EscapeStops stops);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_PAIR_SEARCH_H_
