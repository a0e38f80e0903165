// Puts the entries of a term section's buckets in order.
#ifndef AUTHSEAL_INDEX_TERM_SORT_H_
#define AUTHSEAL_INDEX_TERM_SORT_H_

#include <cstdint>
#include <span>

namespace authseal {

// Ascending. Entries have `entry_bits` bits (8 to 32) of which the upper ones
// are those of a hash, as good as random unless somebody chose them: they are
// dealt out by these first, which takes a fraction of comparing them all.
// Whatever the entries are, the time stays within n log n.
void SortTermEntries(std::span<std::uint32_t> entries,
                     std::uint32_t entry_bits);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TERM_SORT_H_
