// Which columns of an index answer a count: those that its filter and its
// groups ask about. Private to lib/query.
#ifndef AUTHSEAL_QUERY_COLUMN_QUESTION_H_
#define AUTHSEAL_QUERY_COLUMN_QUESTION_H_

#include <optional>
#include <vector>

#include "lib/index/column_reader.h"
#include "lib/query/event_filter.h"
#include "lib/query/row_field.h"

namespace authseal {

// Whether the filter asks for nothing but what columns have.
bool IsOfColumns(const EventFilter& filter);

// The parts of a filter that one column answers each.
struct FilterParts {
  EventFilter acts;
  EventFilter details;
  EventFilter clients;
};
FilterParts SplitFilter(const EventFilter& filter);

// Which columns the groups need; their key is made of these alone.
struct GroupFields {
  ColumnChoice choice;
  std::vector<const RowField*> by;
};
// Empty where columns do not have one of them.
std::optional<GroupFields> GroupFieldsOf(
    const std::vector<const RowField*>& by);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_COLUMN_QUESTION_H_
