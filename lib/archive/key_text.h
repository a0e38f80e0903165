// The text of an epoch key file, kept in secret memory from end to end. See
// authseal-format(5), KEYS. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_KEY_TEXT_H_
#define AUTHSEAL_ARCHIVE_KEY_TEXT_H_

#include "lib/archive/key_store.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/secret.h"

namespace authseal {

// Three lines, each with its LF.
Secret FormatEpochKeyText(const EpochKey& key);
// Error kKey. Says nothing of the text's bytes.
Result<EpochKey> ParseEpochKeyText(Bytes text);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_KEY_TEXT_H_
