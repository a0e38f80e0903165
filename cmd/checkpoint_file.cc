#include "cmd/checkpoint_file.h"

#include <utility>

namespace authseal {

namespace {

constexpr std::string_view kHint =
    "give a file like those in checkpoints/ of an archive";

Result<std::string> ReadNoteFile(Context& context, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const bool has_slash = slash != std::string::npos;
  TRY_ASSIGN(const auto directory,
             context.file_system.OpenDirectory(
                 has_slash ? path.substr(0, slash + 1) : "."));
  const Result<ByteVector> note = ReadWholeFile(
      *directory, has_slash ? path.substr(slash + 1) : path, kNoteSizeBytesMax);
  if (!note.has_value()) {
    return note.error();
  }
  return std::string(AsText(*note));
}

Error NoCheckpoint(const std::string& path, const Error& error) {
  return {ErrorCode::kInvalidArgument,
          path + " is no checkpoint: " + error.message, std::string(kHint)};
}

}  // namespace

Result<CheckpointFile> ReadCheckpointFile(Context& context,
                                          const std::string& path) {
  const Result<FileInfo> info = context.file_system.Info(path);
  if (info.has_value() && info->type != FileInfo::Type::kRegular) {
    return NoCheckpoint(path, {ErrorCode::kInvalidArgument, "it is no file"});
  }
  Result<std::string> text = ReadNoteFile(context, path);
  if (!text.has_value()) {
    if (text.error().code == ErrorCode::kDamaged) {
      return NoCheckpoint(path, text.error());  // too long
    }
    return std::move(text).error().With(path).WithHint(std::string(kHint));
  }
  Result<SignedNote> note = ParseSignedNote(*text);
  if (!note.has_value()) {
    return NoCheckpoint(path, note.error());
  }
  Result<Checkpoint> checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint.has_value()) {
    return NoCheckpoint(path, checkpoint.error());
  }
  return CheckpointFile{*std::move(note), *std::move(checkpoint)};
}

}  // namespace authseal
