#include "lib/witness/witness_client.h"

#include <algorithm>
#include <utility>

#include "lib/witness/add_checkpoint.h"

namespace authseal {
namespace {

constexpr int kRequestsMax = 3;
constexpr std::size_t kQuotedSizeBytesMax = 80;

// The first line of what a witness says, for a message.
std::string Quoted(const HttpResponse& response) {
  const std::string_view body = response.body;
  const std::string_view line =
      body.substr(0, std::min(body.find('\n'), kQuotedSizeBytesMax));
  return "status " + std::to_string(response.status) +
         (line.empty() ? "" : ", \"" + std::string(line) + "\"");
}

Error OtherHistory(std::string text) {
  return {ErrorCode::kDamaged,
          "it was shown another history of this log: " + std::move(text),
          "keep the archive as it is, fetch the witness's checkpoint, and run "
          "authseal verify --checkpoint with it"};
}

Error Refused(const HttpResponse& response, const Checkpoint& checkpoint) {
  switch (response.status) {
    case 403:
      return {ErrorCode::kKey,
              "it trusts no key that signed this checkpoint, or does not know "
              "the log: " +
                  Quoted(response),
              "give whoever runs it the first line of identity.pub"};
    case 404:
      return {ErrorCode::kNotFound,
              "it does not know the log " + checkpoint.origin +
                  ", or the URL is wrong: " + Quoted(response),
              "give whoever runs it the first line of identity.pub"};
    case 409:  // with the size it was asked for: the roots differ
    case 422:
      return OtherHistory(Quoted(response));
    default:
      return {ErrorCode::kTemporary, "it did not cosign: " + Quoted(response)};
  }
}

Error KnowsMore(std::uint64_t its_size, const Checkpoint& checkpoint) {
  return {ErrorCode::kAlreadyExists,
          "it cosigned a tree of " + std::to_string(its_size) +
              " records, this checkpoint has " +
              std::to_string(checkpoint.size),
          "if that is the newest checkpoint here, this archive is an older "
          "copy: keep it as it is, and look where the newer one went"};
}

Result<WitnessAnswer> TakeLine(const HttpResponse& response,
                               const WitnessEndpoint& witness,
                               const WitnessQuestion& question) {
  const auto lines = ParseSignatureLines(response.body);
  if (!lines) {
    return Error{ErrorCode::kDamaged,
                 "its answer holds no signature lines: " + Quoted(response)};
  }
  const CosignatureCheck check =
      VerifyCosignature(question.checkpoint.text, *lines, witness.key);
  if (check.verdict == NoteVerdict::kNoKnownSignature) {
    return Error{ErrorCode::kKey,
                 "its answer has no line by " + FormatWitnessKey(witness.key),
                 "ask whoever runs it for its key"};
  }
  if (check.verdict == NoteVerdict::kBadSignature) {
    return Error{ErrorCode::kKey, "its cosignature does not verify",
                 "nothing was stored; ask whoever runs it"};
  }
  if (check.time_seconds >
      question.now_seconds + kWitnessClockAheadSecondsMax) {
    return Error{ErrorCode::kTemporary,
                 "its clock is more than an hour ahead of the one here",
                 "nothing was stored; set the clock that is wrong"};
  }
  const auto line = std::find_if(
      lines->begin(), lines->end(), [&witness](const NoteSignature& one) {
        return one.name == witness.key.name && one.key_id == witness.key.id;
      });
  return WitnessAnswer{*line, check.time_seconds};
}

std::string SubmissionUrl(std::string url) {
  while (url.ends_with('/')) {
    url.pop_back();
  }
  return url + std::string(kAddCheckpointPath);
}

}  // namespace

Result<WitnessAnswer> AskWitness(const WitnessEndpoint& witness,
                                 const WitnessQuestion& question) {
  const SignedCheckpoint& checkpoint = question.checkpoint;
  const std::string url = SubmissionUrl(witness.url);
  std::uint64_t old_size = question.old_size;
  for (int request = 1; request <= kRequestsMax; ++request) {
    AddCheckpoint add{
        .old_size = old_size, .proof = {}, .checkpoint = checkpoint.note};
    Result<std::vector<Hash>> proof = question.proof(old_size);
    if (!proof && proof.error().code == ErrorCode::kNotFound) {
      return OtherHistory(std::move(proof).error().message);
    }
    TRY_ASSIGN(add.proof, std::move(proof));
    TRY_ASSIGN(const HttpResponse response,
               question.post(url, FormatAddCheckpoint(add)));
    if (response.status == 200) {
      return TakeLine(response, witness, question);
    }
    const auto its_size = ParseTreeSizeBody(response.body);
    if (response.status != 409 || !its_size || *its_size == old_size) {
      return Refused(response, checkpoint.checkpoint);
    }
    if (*its_size > checkpoint.checkpoint.size) {
      return KnowsMore(*its_size, checkpoint.checkpoint);
    }
    old_size = *its_size;
  }
  return Error{ErrorCode::kTemporary,
               "it named another tree size each time it was asked",
               "somebody else may be asking it at the same time"};
}

}  // namespace authseal
