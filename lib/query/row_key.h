// Tells a repeat of a row from a new one: two deliveries of the same event.
#ifndef AUTHSEAL_QUERY_ROW_KEY_H_
#define AUTHSEAL_QUERY_ROW_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/base/bytes.h"
#include "lib/event/event.h"

namespace authseal {

// The first half of a SHA-256.
using RowKey = std::array<std::uint8_t, 16>;

// By provider, event id and raw kind where the event has an id, else by the
// record. `event` is null for a row that is a record.
RowKey RowKeyOf(const Hash& leaf, const Event* event);

// A repeat within one record is no repeat of an earlier row: two events may
// share an id, or have none. `repeats` is how many came before in the record.
RowKey TellApart(const RowKey& key, std::size_t repeats);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_ROW_KEY_H_
