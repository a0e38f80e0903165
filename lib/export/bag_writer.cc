#include "lib/export/bag_writer.h"

#include <algorithm>

#include "lib/base/encoding.h"

namespace authseal {

namespace {

constexpr std::uint32_t kDirectoryMode = 0755;
constexpr std::uint32_t kFileMode = 0644;

std::string ManifestLine(const Hash& hash, std::string_view path) {
  return HexEncode(hash.view()) + "  " + std::string(path) + "\n";
}

std::string Joined(std::vector<std::string> lines) {
  // By path, which stands behind the 64 digits.
  std::sort(lines.begin(), lines.end(),
            [](const std::string& a, const std::string& b) {
              return a.compare(64, std::string::npos, b, 64,
                               std::string::npos) < 0;
            });
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

Status WriteNew(Directory& directory, std::string_view name,
                std::string_view text) {
  TRY_ASSIGN(const auto file,
             directory.OpenWrite(name, OpenMode::kCreateExclusive, kFileMode));
  TRY(file->Append(AsBytes(text)));
  return file->SyncData();
}

}  // namespace

BagFile::BagFile(std::string name, std::unique_ptr<WritableFile> file)
    : name_(std::move(name)), file_(std::move(file)) {}

Status BagFile::Append(std::string_view text) {
  hash_.Update(AsBytes(text));
  return file_->Append(AsBytes(text));
}

Result<BagWriter> BagWriter::Create(FileSystem& file_system,
                                    std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  const std::size_t slash = path.rfind('/');
  const bool has_slash = slash != std::string_view::npos;
  BagWriter bag;
  bag.name_ = has_slash ? path.substr(slash + 1) : path;
  bag.partial_name_ = bag.name_ + ".partial";
  TRY_ASSIGN(bag.parent_, file_system.OpenDirectory(
                              has_slash ? path.substr(0, slash + 1) : "."));
  if (bag.parent_->Info(bag.name_)) {
    return Error{ErrorCode::kAlreadyExists,
                 std::string(path) + " already exists",
                 "evidence is never overwritten; choose another --out"};
  }
  Status made = bag.parent_->MakeDirectory(bag.partial_name_, kDirectoryMode);
  if (!made && made.error().code == ErrorCode::kAlreadyExists) {
    return Error{ErrorCode::kAlreadyExists,
                 std::string(path) +
                     ".partial is left from an export that "
                     "did not end",
                 "remove it, or choose another --out"};
  }
  TRY(std::move(made));
  TRY_ASSIGN(bag.bag_, bag.parent_->OpenDirectory(bag.partial_name_));
  TRY(bag.bag_->MakeDirectory("data", kDirectoryMode));
  TRY_ASSIGN(bag.data_, bag.bag_->OpenDirectory("data"));
  return bag;
}

Result<BagFile> BagWriter::BeginPayload(std::string_view name) {
  TRY_ASSIGN(auto file,
             data_->OpenWrite(name, OpenMode::kCreateExclusive, kFileMode));
  return BagFile(std::string(name), std::move(file));
}

Status BagWriter::EndPayload(BagFile file) {
  TRY(file.file_->SyncData());
  payload_size_bytes_ += file.file_->size_bytes();
  payload_lines_.push_back(
      ManifestLine(file.hash_.Finish(), "data/" + file.name_));
  return Ok();
}

Status BagWriter::AddPayload(std::string_view name, std::string_view text) {
  TRY_ASSIGN(BagFile file, BeginPayload(name));
  TRY(file.Append(text));
  return EndPayload(std::move(file));
}

Status BagWriter::AddTag(std::string_view name, std::string_view text) {
  tag_lines_.push_back(ManifestLine(Sha256Of(AsBytes(text)), name));
  return WriteNew(*bag_, name, text);
}

Status BagWriter::Finish() {
  TRY(AddTag("manifest-sha256.txt", Joined(payload_lines_)));
  TRY(WriteNew(*bag_, "tagmanifest-sha256.txt", Joined(tag_lines_)));
  TRY(data_->Sync());
  TRY(bag_->Sync());
  TRY(parent_->Rename(partial_name_, name_));
  return parent_->Sync();
}

}  // namespace authseal
