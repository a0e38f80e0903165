// Answers of a count query from the columns of indexes, where these have all
// that it asks for; no block is read then. See authseal-query(1), READING IS
// CHECKING.
#ifndef AUTHSEAL_QUERY_COLUMN_COUNTS_H_
#define AUTHSEAL_QUERY_COLUMN_COUNTS_H_

#include <memory>

#include "lib/query/count_query.h"
#include "lib/query/index_counter.h"

namespace authseal {

// Adds to `counts` what reading the blocks would. Null where columns cannot
// say: a filter or a field that they do not have. All are borrowed.
std::unique_ptr<IndexCounter> MakeColumnCounter(
    const EventFilter& filter, const CountQueryOptions& options,
    CountQueryResult& counts);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_COLUMN_COUNTS_H_
