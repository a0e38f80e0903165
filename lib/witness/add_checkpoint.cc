#include "lib/witness/add_checkpoint.h"

#include "lib/base/encoding.h"
#include "lib/merkle/proof.h"

namespace authseal {
namespace {

constexpr std::string_view kOldWord = "old ";

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, std::string(what)};
}

// The line `text` begins with, without its line feed, cut off from it.
Result<std::string_view> TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return Damaged("a line without its end");
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string FormatAddCheckpoint(const AddCheckpoint& request) {
  std::string body(kOldWord);
  body += std::to_string(request.old_size) + "\n";
  for (const Hash& hash : request.proof) {
    body += Base64Encode(hash.view()) + "\n";
  }
  return body + "\n" + request.checkpoint;
}

Result<AddCheckpoint> ParseAddCheckpoint(std::string_view body) {
  if (body.size() > kAddCheckpointSizeBytesMax) {
    return Damaged("the request is too long");
  }
  AddCheckpoint request;
  TRY_ASSIGN(const std::string_view first, TakeLine(body));
  const auto old_size = first.starts_with(kOldWord)
                            ? ParseDecimal(first.substr(kOldWord.size()))
                            : Result<std::uint64_t>(Damaged("no old size"));
  if (!old_size) {
    return Damaged("the first line is not \"old <size>\"");
  }
  request.old_size = *old_size;
  while (true) {
    TRY_ASSIGN(const std::string_view line, TakeLine(body));
    if (line.empty()) {
      break;
    }
    if (request.proof.size() == kProofHashesMax) {
      return Damaged("more than 63 proof lines");
    }
    const auto hash = Base64DecodeHash(line);
    if (!hash) {
      return Damaged("a proof line that is no hash in base64");
    }
    request.proof.push_back(*hash);
  }
  request.checkpoint = body;
  return request;
}

Result<std::uint64_t> ParseTreeSizeBody(std::string_view body) {
  if (!body.ends_with('\n')) {
    return Damaged("no tree size on a line of its own");
  }
  body.remove_suffix(1);
  return ParseDecimal(body);
}

}  // namespace authseal
