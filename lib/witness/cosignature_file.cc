#include "lib/witness/cosignature_file.h"

#include <algorithm>
#include <string>

#include "lib/archive/layout.h"
#include "lib/note/cosignature.h"

namespace authseal {
namespace {

constexpr std::uint32_t kMode = 0440;

bool HasSigner(const std::vector<NoteSignature>& lines,
               const NoteSignature& line) {
  return std::any_of(
      lines.begin(), lines.end(), [&line](const NoteSignature& one) {
        return one.name == line.name && one.key_id == line.key_id;
      });
}

}  // namespace

Result<std::vector<NoteSignature>> ReadCosignatures(
    const Directory& checkpoints, std::uint64_t tree_size) {
  const std::string name = CosignaturesName(tree_size);
  const auto text = ReadWholeFile(checkpoints, name, kNoteSizeBytesMax);
  if (!text) {
    if (text.error().code == ErrorCode::kNotFound) {
      return std::vector<NoteSignature>();
    }
    return text.error();
  }
  auto lines = ParseSignatureLines(AsText(*text));
  if (!lines) {
    return std::move(lines).error().With(name).WithHint(
        "authseal verify tells what is damaged");
  }
  return lines;
}

Status AddCosignatures(Directory& checkpoints, std::uint64_t tree_size,
                       std::span<const NoteSignature> lines) {
  const std::string name = CosignaturesName(tree_size);
  TRY_ASSIGN(std::vector<NoteSignature> there,
             ReadCosignatures(checkpoints, tree_size));
  std::string text;
  for (const NoteSignature& line : there) {
    text += FormatSignatureLine(line);  // base64 has one spelling
  }
  const std::size_t size_before = text.size();
  for (const NoteSignature& line : lines) {
    if (!HasSigner(there, line)) {
      text += FormatSignatureLine(line);
      there.push_back(line);
    }
  }
  if (text.size() == size_before) {
    return Ok();
  }
  TRY_ASSIGN(
      const ByteVector note,
      ReadWholeFile(checkpoints, CheckpointName(tree_size), kNoteSizeBytesMax));
  if (!ParseSignedNote(std::string(AsText(note)) + text)) {
    return Error{ErrorCode::kInvalidArgument,
                 name + " would hold more than a signed note may",
                 "ask fewer witnesses"};
  }
  return WriteFileDurably(checkpoints, name, AsBytes(text), kMode);
}

}  // namespace authseal
