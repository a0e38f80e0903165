// From a stored record back to the bytes that were delivered.
#ifndef AUTHSEAL_QUERY_DELIVERED_H_
#define AUTHSEAL_QUERY_DELIVERED_H_

#include <optional>
#include <string>
#include <string_view>

#include "lib/archive/block_header.h"
#include "lib/json/document.h"

namespace authseal {

// Appends what was delivered for one record: the line and its LF. Of a part
// record without the LF, unless it is the last part. Control records append
// nothing. `document` is space to reuse.
void AppendDelivered(std::string_view record, std::optional<RecordMark> mark,
                     JsonDocument& document, std::string& out);

// The provider's own object in a stored record: the record itself, or the
// line behind a prefix. Empty when there is none. Views into `record`.
std::string_view ProviderObject(std::string_view record,
                                std::optional<RecordMark> mark,
                                JsonDocument& document);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_DELIVERED_H_
