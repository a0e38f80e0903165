// How commands reach a timestamping authority (TSA): options that seal and
// stamp share, and the request over HTTP (RFC 3161, 3.4).
#ifndef AUTHSEAL_CMD_STAMPING_H_
#define AUTHSEAL_CMD_STAMPING_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "lib/archive/timestamping.h"
#include "lib/base/result.h"
#include "lib/crypto/timestamp_authorities.h"
#include "lib/crypto/timestamp_reply.h"

namespace CLI {
class App;
}

namespace authseal {

struct TsaOptions {
  std::string url;      // empty: nobody is asked
  std::string ca_file;  // empty: who signed is left to verify
};

void AddTsaOptions(CLI::App& command, TsaOptions& options);

// A TSA that is ready to be asked.
struct Tsa {
  std::string url;
  std::optional<TimestampAuthorities> authorities;

  const TimestampAuthorities* trusted() const {
    return authorities.has_value() ? &*authorities : nullptr;
  }
};

// Everything that may be wrong with the options, before anything is done.
// Errors: kInvalidArgument, kNotFound, kIo.
Result<Tsa> MakeTsa(const TsaOptions& options, Context& context);

// The certificates in a PEM file. Errors as above.
Result<TimestampAuthorities> LoadTsaAuthorities(Context& context,
                                                const std::string& path);

// A request's random number. Error: kTemporary.
Result<ByteVector> RandomTimestampNonce();

struct Stamped {
  TimestampReply reply;
  bool is_new = false;  // false: it was there before
};

// The timestamp that the checkpoint has, else a new one from the TSA. Errors:
// kTemporary (the TSA: out of reach, too slow, refuses, answers nonsense), and
// those of Timestamping.
Result<Stamped> StampCheckpoint(Timestamping& timestamping,
                                std::uint64_t tree_size, const Tsa& tsa,
                                std::chrono::milliseconds timeout);

struct StampedAfterSeal {
  // Below the archive, of the checkpoint that was asked for.
  std::optional<std::string> path = {};
  std::vector<std::string> warnings = {};
};

// After a seal, in five seconds at most: the newest checkpoint, then those
// that wait for their timestamp. Prints nothing, so that it may run beside
// something else.
StampedAfterSeal StampAfterSeal(FileSystem& file_system,
                                const std::string& archive_path,
                                std::uint64_t tree_size, const Tsa& tsa);
// The warnings.
void PrintStampWarnings(const StampedAfterSeal& stamped, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_STAMPING_H_
