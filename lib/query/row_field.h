// Names of the fields of an answer, as --fields, --by and JSON output have
// them.
#ifndef AUTHSEAL_QUERY_ROW_FIELD_H_
#define AUTHSEAL_QUERY_ROW_FIELD_H_

#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/query/record_matcher.h"

namespace authseal {

// One field of an event in its place.
struct RowField {
  std::string_view name;
  // Appends the value; nothing when absent. Scopes are joined by spaces,
  // times RFC 3339.
  void (*append)(const MatchedRecord&, const Event&, std::string& out);
};

// All fields, in order of output.
std::span<const RowField> RowFields();
// Error kInvalidArgument lists the names.
Result<const RowField*> FindRowField(std::string_view name);
// "a,b,c" looked up one by one.
Result<std::vector<const RowField*>> ParseFieldList(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_ROW_FIELD_H_
