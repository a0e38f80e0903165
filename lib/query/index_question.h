// What an index is asked for, from what a query asks for.
#ifndef AUTHSEAL_QUERY_INDEX_QUESTION_H_
#define AUTHSEAL_QUERY_INDEX_QUESTION_H_

#include <functional>
#include <memory>

#include "lib/event/mapper.h"
#include "lib/index/block_selection.h"
#include "lib/query/event_filter.h"
#include "lib/query/trace_pass.h"

namespace authseal {

// Null where no index would help: the filter asks for nothing that one knows,
// or `mapper` has mappings that were not there when it was made.
std::shared_ptr<const IndexQuestion> IndexQuestionOf(const EventFilter& filter,
                                                     const EventMapper& mapper,
                                                     bool with_control);

// For a count that needs no records: there an index always helps. Null only
// for the sake of the mappings.
std::shared_ptr<const IndexQuestion> CountQuestionOf(const EventFilter& filter,
                                                     const EventMapper& mapper);

// For one pass of a trace.
std::shared_ptr<const IndexQuestion> IndexQuestionOf(const TraceWanted& wanted,
                                                     const EventMapper& mapper,
                                                     bool with_control);

// For records that are known by number, seal records among them.
std::shared_ptr<const IndexQuestion> IndexQuestionOf(
    const RecordRange& records,
    std::function<bool(const RecordRange&)> wants_records,
    const EventMapper& mapper);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_INDEX_QUESTION_H_
