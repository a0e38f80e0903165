#include "lib/query/row_key.h"

#include <algorithm>
#include <string>

#include "lib/base/bytes.h"
#include "lib/crypto/sha256.h"

namespace authseal {

namespace {

RowKey FirstHalf(const Hash& hash) {
  RowKey key;
  std::copy_n(hash.bytes.begin(), key.size(), key.begin());
  return key;
}

}  // namespace

RowKey RowKeyOf(const Hash& leaf, const Event* event) {
  if (event == nullptr || event->event_id.empty()) {
    return FirstHalf(leaf);
  }
  return FirstHalf(Sha256Of(AsBytes(event->provider + '\0' + event->event_id +
                                    '\0' + event->raw_kind)));
}

RowKey TellApart(const RowKey& key, std::size_t repeats) {
  if (repeats == 0) {
    return key;
  }
  const std::string text = std::string(AsText(key)) + std::to_string(repeats);
  return FirstHalf(Sha256Of(AsBytes(text)));
}

}  // namespace authseal
