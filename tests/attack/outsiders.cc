#include "tests/attack/outsiders.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/base/check.h"
#include "lib/crypto/sha256.h"
#include "lib/crypto/timestamp_request.h"
#include "lib/note/cosignature_signer.h"
#include "lib/note/signed_note_signer.h"
#include "tests/support/test_tsa.h"

namespace authseal {
namespace {

constexpr std::uint64_t kNowSeconds = 1'767'225'600;
constexpr std::size_t kWitnesses = 2;

NamedSigner MakeWitness(std::size_t number) {
  auto signer = Ed25519Signer::Generate();
  AUTHSEAL_CHECK(signer.has_value());
  return {"w.example/" + std::to_string(number), *std::move(signer)};
}

TrustPolicy PolicyOf(const std::vector<NamedSigner>& witnesses) {
  std::string text;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    text += "witness w" + std::to_string(i) + " " +
            FormatWitnessKey(MakeWitnessKey(witnesses[i].name,
                                            witnesses[i].signer.public_key())) +
            "\n";
  }
  auto policy = TrustPolicy::Parse(text + "group g all w0 w1\nquorum g\n");
  AUTHSEAL_CHECK(policy.has_value());
  return *std::move(policy);
}

std::string Said(std::string_view who, std::uint64_t size, std::int64_t time) {
  return std::string(who) + " " + std::to_string(size) + " " +
         std::to_string(time);
}

std::string InCheckpoints(const std::string& name) {
  return std::string(kCheckpointsName) + "/" + name;
}

void AppendLine(const NoteSignature& line, ByteVector& file) {
  const std::string text = FormatSignatureLine(line);
  file.insert(file.end(), text.begin(), text.end());
}

void AddCosignatures(const std::vector<NamedSigner>& witnesses,
                     const Checkpoint& checkpoint, std::uint64_t time_seconds,
                     Victim& victim) {
  ByteVector& file =
      victim.files[InCheckpoints(CosignaturesName(checkpoint.size))];
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    const auto line =
        Cosign(FormatCheckpointText(checkpoint), time_seconds, witnesses[i]);
    AUTHSEAL_CHECK(line.has_value());
    AppendLine(*line, file);
    victim.outsiders.said.insert(Said("w" + std::to_string(i), checkpoint.size,
                                      static_cast<std::int64_t>(time_seconds)));
  }
}

// A request, and the authority's reply to it.
void Stamp(const TestIdentity& tsa, std::string time, std::uint64_t size,
           Victim& victim) {
  TestReply reply;
  reply.imprint =
      Sha256Of(victim.files.at(InCheckpoints(CheckpointName(size))));
  reply.time = std::move(time);
  victim.files[InCheckpoints(TimestampRequestName(size))] =
      EncodeTimestampRequest(reply.imprint, ByteVector{0x01, 0x23, 0x45, 0x67,
                                                       0x89, 0xab, 0xcd, 0xef});
  victim.files[InCheckpoints(TimestampReplyName(size))] =
      MakeTestReply(reply, tsa);
}

}  // namespace

std::string Outsiders::FaultIn(const VerifyReport& report) const {
  std::vector<std::string> told;
  for (const WitnessResult& witness : report.witnesses) {
    if (witness.size > 0) {
      told.push_back(Said(witness.name, witness.size,
                          static_cast<std::int64_t>(witness.time_seconds)));
    }
  }
  if (report.timestamp.has_value()) {
    told.push_back(
        Said("tsa", report.timestamp->tree_size,
             report.timestamp->statement.time.value / 1'000'000'000));
  }
  for (const std::string& one : told) {
    if (said.count(one) == 0) {
      return "counts what nobody said: " + one;
    }
  }
  return "";
}

void AddOutsiders(Victim& victim, const NoteSignature& strangers_line) {
  std::vector<NamedSigner> witnesses;
  for (std::size_t i = 0; i < kWitnesses; ++i) {
    witnesses.push_back(MakeWitness(i));
  }
  victim.outsiders.witnesses = WitnessPolicy{PolicyOf(witnesses), kNowSeconds};
  TestIdentity::Spec ca_spec;
  ca_spec.name = "ca.example";
  ca_spec.is_ca = true;
  const TestIdentity ca(ca_spec, nullptr);
  const TestIdentity tsa(TestIdentity::Spec(), &ca);
  auto authorities = TimestampAuthorities::FromPem(ca.Pem());
  AUTHSEAL_CHECK(authorities.has_value());
  victim.outsiders.authorities =
      std::make_shared<const TimestampAuthorities>(*std::move(authorities));
  const Checkpoint& first = victim.checkpoints.front();
  const Checkpoint& newest = victim.newest();
  AddCosignatures(witnesses, first, kNowSeconds - 50, victim);
  AppendLine(strangers_line,
             victim.files[InCheckpoints(CosignaturesName(first.size))]);
  AddCosignatures(witnesses, newest, kNowSeconds - 5, victim);
  Stamp(tsa, "20260301120000Z", first.size, victim);
  Stamp(tsa, "20260302120000Z", newest.size, victim);
  victim.outsiders.said.insert(Said("tsa", first.size, 1'772'366'400));
  victim.outsiders.said.insert(Said("tsa", newest.size, 1'772'452'800));
}

}  // namespace authseal
