// Brings an archive's published checkpoints to its witnesses, and keeps what
// they sign. Run after a seal is durable: nothing here can undo or delay it.
#ifndef AUTHSEAL_WITNESS_COSIGNING_H_
#define AUTHSEAL_WITNESS_COSIGNING_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/key_store.h"
#include "lib/base/result.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"
#include "lib/witness/witness_client.h"

namespace authseal {

// After a seal; catching up may be given more.
inline constexpr std::chrono::milliseconds kCosignTimeMax{5000};
inline constexpr std::size_t kWitnessesAskedMax = 64;
// Checkpoints before the newest that are brought to a witness which missed
// them; an earlier one is covered by those after it.
inline constexpr std::size_t kMissedCheckpointsMax = 4;

struct CosignOutcome {
  std::string name;
  std::string url;
  std::uint64_t size = 0;  // the newest that it cosigned; 0: none
  std::uint64_t time_seconds = 0;
  bool is_newest = false;           // size is that of the newest checkpoint
  std::optional<Error> error = {};  // why that is so
};

struct CosignResult {
  std::uint64_t newest_size = 0;              // of the newest checkpoint
  std::vector<CosignOutcome> witnesses = {};  // in the order they were given
  bool all_cosigned() const;
};

// Posts with a time limit; FetchHttp() behind it, or a test.
using TimedPost = std::function<Result<HttpResponse>(
    const std::string& url, const std::string& body,
    std::chrono::milliseconds left)>;
TimedPost PostOverHttp();

// Asks all witnesses side by side, within `time_max` in all: each for the
// checkpoints that lack its line, oldest first, the newest in any case. What
// they sign is verified, stored in checkpoints/N.cosig and durable when this
// returns. A witness that fails is an outcome, not an error. Errors: kNotFound
// (no checkpoint is published), kInvalidArgument (too many witnesses),
// kDamaged (a checkpoint does not parse), kLocked, kIo.
Result<CosignResult> CosignCheckpoints(
    FileSystem& file_system, std::string_view archive_path, KeyStore& keys,
    const std::vector<WitnessEndpoint>& witnesses, const Clock& clock,
    std::chrono::milliseconds time_max, const TimedPost& post);

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_COSIGNING_H_
