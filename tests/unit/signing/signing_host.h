// A host that seals and asks, whose identity key is on another host, for tests.
#ifndef AUTHSEAL_TESTS_UNIT_SIGNING_SIGNING_HOST_H_
#define AUTHSEAL_TESTS_UNIT_SIGNING_SIGNING_HOST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/archive/key_store.h"
#include "lib/note/signed_note_signer.h"
#include "lib/signing/publication.h"
#include "lib/signing/signer.h"
#include "lib/signing/signing_request.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"

namespace authseal {

class SigningHost {
 public:
  explicit SigningHost(const NamedSigner& identity);

  // Another machine with the same disk, keys included.
  SigningHost Copy() const;

  // A commit of these records, if any, and a seal.
  void Seal(const std::vector<std::string>& records);
  SigningRequest Request(std::optional<std::uint64_t> from = std::nullopt);
  std::string RequestText(std::optional<std::uint64_t> from = std::nullopt);
  Result<Publication> Take(std::string_view note);

  // The key that will sign the next seal: what a thief of the host has.
  Ed25519Signer EpochSigner();

  ArchiveReader Open();
  MemoryFileSystem& file_system() { return file_system_; }

 private:
  explicit SigningHost(MemoryFileSystem file_system);
  MemoryFileSystem file_system_;
  UnixNanos now_ = ManualClock::kDefaultStart;
  std::optional<VerificationKey> key_;
};

NamedSigner MakeIdentity(const std::string& name = "log.example.org");

// Signs with a store in `file_system`; the store is closed again.
Result<SigningOutcome> Sign(FileSystem& file_system, std::string_view request,
                            const NamedSigner& identity,
                            UnknownLog unknown = UnknownLog::kRefuse);

// "fork": the name of the one finding; "signed" when there is none; an error's
// code else.
std::string Verdict(const Result<SigningOutcome>& outcome);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_SIGNING_SIGNING_HOST_H_
