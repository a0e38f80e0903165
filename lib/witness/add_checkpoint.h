// The body of an add-checkpoint request of c2sp.org/tlog-witness. Pure.
#ifndef AUTHSEAL_WITNESS_ADD_CHECKPOINT_H_
#define AUTHSEAL_WITNESS_ADD_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

inline constexpr std::string_view kAddCheckpointPath = "/add-checkpoint";
// Of the answer 409, whose body is the size the witness knows.
inline constexpr std::string_view kTreeSizeContentType = "text/x.tlog.size";
// An old-size line, 63 hashes, a note of 64 KiB.
inline constexpr std::size_t kAddCheckpointSizeBytesMax = std::size_t{70} << 10;

struct AddCheckpoint {
  std::uint64_t old_size = 0;    // records
  std::vector<Hash> proof = {};  // of consistency; empty for old_size 0
  std::string checkpoint = {};   // a signed note
};

// "old <size>\n", a line of base64 a hash, "\n", the checkpoint.
std::string FormatAddCheckpoint(const AddCheckpoint& request);
// Error kDamaged. The checkpoint is not looked into.
Result<AddCheckpoint> ParseAddCheckpoint(std::string_view body);

// "<size>\n", as in the answer 409; kDamaged.
Result<std::uint64_t> ParseTreeSizeBody(std::string_view body);

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_ADD_CHECKPOINT_H_
