// authseal seal --request and --response: publishing where the identity key is
// on another host.
#ifndef AUTHSEAL_CMD_SEAL_EXCHANGE_H_
#define AUTHSEAL_CMD_SEAL_EXCHANGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cmd/context.h"
#include "cmd/exit_status.h"
#include "cmd/outside.h"
#include "lib/archive/key_store.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {

struct SealRequestOptions {
  std::string archive;
  std::string target;                 // where to write it
  std::optional<std::uint64_t> from;  // tree size to begin at
  bool json = false;                  // say on standard output what it is
};

// Writes a request about what is sealed.
Status WriteSealRequest(Context& context, const SealRequestOptions& options);

// Publishes what the signer answered, asks who is to be asked about it, and
// prints it.
Result<ExitStatus> TakeSealResponse(Context& context,
                                    const std::string& archive_path,
                                    KeyStore& keys, const std::string& source,
                                    const Outside& outside, bool json);

// Signs and publishes the newest seal beside a writer that has no identity
// key.
Status PublishBesideWriter(Context& context, const std::string& archive_path,
                           KeyStore& keys, const NamedSigner& identity,
                           const SegmentFooter& newest);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_SEAL_EXCHANGE_H_
