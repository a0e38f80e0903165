// The RFC 3161 request and reply beside a checkpoint, read back. See
// authseal-format(5), TIMESTAMPS.
#ifndef AUTHSEAL_ARCHIVE_TIMESTAMP_FILES_H_
#define AUTHSEAL_ARCHIVE_TIMESTAMP_FILES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/result.h"
#include "lib/crypto/timestamp_reply.h"
#include "lib/crypto/timestamp_request.h"
#include "lib/io/file_system.h"

namespace authseal {

// The request in N.tsq, which must be for exactly the bytes `note`; empty
// when there is none. Errors: kDamaged, kIo, kTemporary.
Result<std::optional<TimestampRequest>> ReadTimestampRequest(
    const Directory& checkpoints, std::uint64_t tree_size,
    std::string_view note);

// The reply in N.tsr, which must be for exactly the bytes `note` and have the
// nonce of `request`; empty when there is none. Who signed it is not looked
// at. Errors as above.
Result<std::optional<TimestampReply>> ReadTimestampReply(
    const Directory& checkpoints, std::uint64_t tree_size,
    std::string_view note, const std::optional<TimestampRequest>& request);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_TIMESTAMP_FILES_H_
