#include "tests/unit/signing/signing_host.h"

#include <utility>

#include "lib/archive/archive_writer.h"
#include "lib/base/check.h"
#include "lib/signing/request_maker.h"

namespace authseal {
namespace {

constexpr std::string_view kArchive = "A";
constexpr std::string_view kKeys = "A.keys";
constexpr std::string_view kStore = "S";

}  // namespace

SigningHost::SigningHost(const NamedSigner& identity)
    : key_(MakeVerificationKey(identity.name, identity.signer.public_key())) {
  AUTHSEAL_CHECK(InitArchive(file_system_, kArchive, kKeys, identity.name,
                             {.existing = &identity})
                     .has_value());
}

SigningHost::SigningHost(MemoryFileSystem file_system)
    : file_system_(std::move(file_system)) {}

SigningHost SigningHost::Copy() const {
  SigningHost copy(
      file_system_.CrashCopy({.names = CrashPolicy::Names::kKeepUnsynced,
                              .data = CrashPolicy::Data::kKeepUnsynced}));
  copy.now_ = now_;
  copy.key_ = key_;
  return copy;
}

void SigningHost::Seal(const std::vector<std::string>& records) {
  now_.value += 60 * kNanosPerSecond;
  const ManualClock clock(now_);
  auto keys = KeyStore::Open(file_system_, kKeys);
  AUTHSEAL_CHECK(keys.has_value());
  auto writer =
      ArchiveWriter::Open(file_system_, clock, kArchive, *std::move(keys), {});
  AUTHSEAL_CHECK(writer.has_value());
  if (!records.empty()) {
    BlockDraft draft;
    for (const std::string& record : records) {
      draft.content.insert(draft.content.end(), record.begin(), record.end());
      draft.record_ends_bytes.push_back(
          static_cast<std::uint32_t>(draft.content.size()));
      draft.content.push_back('\n');
    }
    draft.ingest_first = now_;
    draft.ingest_last = now_;
    BlockBuilder builder;
    auto block = builder.Build(draft, writer->next_record());
    AUTHSEAL_CHECK(block.has_value());
    AUTHSEAL_CHECK(writer->Commit({&*block, 1}).has_value());
  }
  const auto sealed = writer->Seal();
  AUTHSEAL_CHECK(sealed.has_value() && !sealed->checkpoint.has_value());
  AUTHSEAL_CHECK(writer->Close().has_value());
}

Ed25519Signer SigningHost::EpochSigner() {
  const auto keys = KeyStore::Open(file_system_, kKeys);
  AUTHSEAL_CHECK(keys.has_value());
  auto key = keys->LoadEpochKey();
  AUTHSEAL_CHECK(key.has_value() && key->has_value());
  return std::move((*key)->signer);
}

ArchiveReader SigningHost::Open() {
  auto archive = ArchiveReader::Open(file_system_, kArchive);
  AUTHSEAL_CHECK(archive.has_value());
  return *std::move(archive);
}

SigningRequest SigningHost::Request(std::optional<std::uint64_t> from) {
  auto made = MakeSigningRequest(Open(), from);
  AUTHSEAL_CHECK(made.has_value());
  return std::move(made->request);
}

std::string SigningHost::RequestText(std::optional<std::uint64_t> from) {
  return FormatSigningRequest(Request(from));
}

Result<Publication> SigningHost::Take(std::string_view note) {
  auto keys = KeyStore::Open(file_system_, kKeys);
  AUTHSEAL_CHECK(keys.has_value());
  return PublishResponse(file_system_, Open(), *keys, *key_, note);
}

NamedSigner MakeIdentity(const std::string& name) {
  return {.name = name, .signer = *Ed25519Signer::Generate()};
}

Result<SigningOutcome> Sign(FileSystem& file_system, std::string_view request,
                            const NamedSigner& identity, UnknownLog unknown) {
  TRY_ASSIGN(SignerStore store, SignerStore::Open(file_system, kStore));
  return SignRequest(request, identity, store, unknown);
}

std::string Verdict(const Result<SigningOutcome>& outcome) {
  if (!outcome.has_value()) {
    return std::string(ErrorCodeName(outcome.error().code));
  }
  if (outcome->findings.empty()) {
    return "signed";
  }
  return std::string(FindingName(outcome->findings.front().kind)) +
         (outcome->note.empty() ? "" : " and signed");
}

}  // namespace authseal
