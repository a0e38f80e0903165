#include "cmd/seal_exchange.h"

#include <utility>

#include "cmd/exchange_file.h"
#include "cmd/output.h"
#include "lib/archive/archive_reader.h"
#include "lib/archive/layout.h"
#include "lib/base/encoding.h"
#include "lib/json/writer.h"
#include "lib/note/checkpoint.h"
#include "lib/signing/publication.h"
#include "lib/signing/request_maker.h"

namespace authseal {

namespace {

// What the host was told when the archive was made.
Result<VerificationKey> ReadPinnedKey(const KeyStore& keys) {
  TRY_ASSIGN(const auto text, keys.ReadPinText());
  if (!text.has_value()) {
    return Error{ErrorCode::kKey, keys.path() + " has no identity.pub",
                 "copy the identity.pub of this archive there"};
  }
  auto key =
      ParseVerificationKey(std::string_view(*text).substr(0, text->find('\n')));
  if (!key.has_value()) {
    return std::move(key).error().With(keys.path() + "/identity.pub");
  }
  return key;
}

void PrintPublication(const Publication& publication,
                      const OutsideAnswers& answers, bool json,
                      Context& context) {
  const Checkpoint& checkpoint = publication.checkpoint;
  const std::string root = Base64Encode(checkpoint.root.view());
  if (json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/seal@1");
    out.Name("epoch").Number(publication.epoch);
    out.Name("tree_size").Number(checkpoint.size);
    out.Name("root").String(root);
    out.Name("checkpoint").String(CheckpointName(checkpoint.size));
    out.Name("new").Bool(publication.is_new);
    WriteAnswers(answers, out);
    out.End();
    context.out << out.text() << '\n';
    if (answers.cosigned.has_value()) {
      WarnOfWitnesses(*answers.cosigned, context);
    }
    return;
  }
  context.out << "tree size " << checkpoint.size << ", root " << root
              << "\ncheckpoint " << kCheckpointsName << '/'
              << CheckpointName(checkpoint.size)
              << (publication.is_new ? "\n" : ", there already\n");
  PrintAnswers(answers, context);
}

}  // namespace

Status WriteSealRequest(Context& context, const SealRequestOptions& options) {
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, options.archive));
  TRY_ASSIGN(const MadeRequest made, MakeSigningRequest(archive, options.from));
  const SigningRequest& request = made.request;
  const std::string text = FormatSigningRequest(request);
  TRY(WriteExchangeFile(context, options.target, text));
  PrintNote(context, "request for " + std::to_string(request.newest().size) +
                         " records, from " + std::to_string(request.from.size) +
                         " on, " + std::to_string(request.seals.size()) +
                         (request.seals.size() == 1 ? " seal" : " seals"));
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/seal@1");
    out.Name("tree_size").Number(request.newest().size);
    out.Name("root").String(Base64Encode(request.newest().root.view()));
    out.Name("checkpoint").Null().Name("request").String(options.target);
    out.Name("from").Number(request.from.size);
    out.Name("seals").Number(std::uint64_t{request.seals.size()}).End();
    context.out << out.text() << '\n';
  }
  if (made.seals_left_out > 0) {
    PrintWarning(context, std::to_string(made.seals_left_out) +
                              " later seals did not fit: ask again once this "
                              "one is published");
  }
  return Ok();
}

Result<ExitStatus> TakeSealResponse(Context& context,
                                    const std::string& archive_path,
                                    KeyStore& keys, const std::string& source,
                                    const Outside& outside, bool json) {
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, archive_path));
  TRY_ASSIGN(const VerificationKey pinned, ReadPinnedKey(keys));
  TRY_ASSIGN(const std::string note,
             ReadExchangeFile(context, source, kNoteSizeBytesMax));
  TRY_ASSIGN(const Publication publication,
             PublishResponse(context.file_system, archive, keys, pinned, note));
  PrintPublication(publication,
                   AskOutside(outside, archive_path,
                              publication.checkpoint.size, true, context),
                   json, context);
  if (publication.checkpoint.size < publication.newest_size) {
    PrintNote(context, std::to_string(publication.newest_size) +
                           " records are sealed by now: the later ones still "
                           "want a signature");
  }
  return ExitStatus::kDone;
}

Status PublishBesideWriter(Context& context, const std::string& archive_path,
                           KeyStore& keys, const NamedSigner& identity,
                           const SegmentFooter& newest) {
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, archive_path));
  TRY_ASSIGN(const std::string note,
             SignNote(FormatCheckpointText({.origin = archive.note().origin,
                                            .size = newest.end_record,
                                            .root = newest.end.Root()}),
                      identity.name, identity.signer));
  const VerificationKey key =
      MakeVerificationKey(identity.name, identity.signer.public_key());
  const auto published =
      PublishResponse(context.file_system, archive, keys, key, note);
  if (!published.has_value() && published.error().code == ErrorCode::kKey) {
    return Error{ErrorCode::kKey,
                 "sealed, and not published: the identity key " +
                     FormatVerificationKey(key) +
                     " was rotated away, or is another archive's",
                 "seal again with the key that signs this archive now"};
  }
  return published.has_value() ? Ok() : Status(published.error());
}

}  // namespace authseal
