#include "lib/export/bag_writer.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/export/out_path.h"

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

}  // namespace

BagFile::BagFile(std::string name, std::unique_ptr<WritableFile> file)
    : name_(std::move(name)), file_(std::move(file)) {}

Status BagFile::Append(std::string_view text) {
  hash_.Update(AsBytes(text));
  return file_->Append(AsBytes(text));
}

Result<BagWriter> BagWriter::Create(FileSystem& file_system,
                                    std::string_view path) {
  const OutPath parts = SplitOutPath(path);
  TRY(CheckNotInsideArchive(file_system, parts));
  BagWriter bag;
  bag.name_ = parts.name;
  bag.partial_name_ = bag.name_ + ".partial";
  TRY_ASSIGN(bag.parent_, file_system.OpenDirectory(parts.parent));
  const Result<FileInfo> there = bag.parent_->Info(bag.name_);
  if (there) {
    return Error{ErrorCode::kAlreadyExists,
                 std::string(path) + " already exists",
                 "evidence is never overwritten; choose another --out"};
  }
  if (there.error().code != ErrorCode::kNotFound) {
    return there.error();
  }
  TRY(bag.OpenPartial(path));
  return bag;
}

Status BagWriter::OpenPartial(std::string_view path) {
  Status made = parent_->MakeDirectory(partial_name_, kDirectoryMode);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) {
    return made;
  }
  if (!made && !IsEmptyPartial()) {
    return Error{
        ErrorCode::kAlreadyExists,
        std::string(path) + ".partial is left from an export that did not end",
        "remove it, or choose another --out"};
  }
  TRY_ASSIGN(bag_, parent_->OpenDirectory(partial_name_));
  made = bag_->MakeDirectory("data", kDirectoryMode);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) {
    return made;
  }
  TRY_ASSIGN(data_, bag_->OpenDirectory("data"));
  return Ok();
}

// What Discard() leaves; anything else may be somebody's.
Status BagWriter::IsEmptyPartial() const {
  TRY_ASSIGN(const auto partial, parent_->OpenDirectory(partial_name_));
  TRY_ASSIGN(const std::vector<std::string> names, partial->List());
  const Error occupied{ErrorCode::kAlreadyExists, partial_name_ + " has files"};
  if (names.empty()) {
    return Ok();
  }
  if (names != std::vector<std::string>{"data"}) {
    return occupied;
  }
  TRY_ASSIGN(const auto data, partial->OpenDirectory("data"));
  TRY_ASSIGN(const std::vector<std::string> payload, data->List());
  return payload.empty() ? Ok() : Status(occupied);
}

Result<BagFile> BagWriter::BeginPayload(std::string_view name) {
  TRY_ASSIGN(auto file,
             data_->OpenWrite(name, OpenMode::kCreateExclusive, kFileMode));
  payload_names_.emplace_back(name);
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
  return WriteTag(name, text);
}

Status BagWriter::WriteTag(std::string_view name, std::string_view text) {
  TRY_ASSIGN(const auto file,
             bag_->OpenWrite(name, OpenMode::kCreateExclusive, kFileMode));
  tag_names_.emplace_back(name);
  TRY(file->Append(AsBytes(text)));
  return file->SyncData();
}

Status BagWriter::Finish() {
  TRY(AddTag("manifest-sha256.txt", Joined(payload_lines_)));
  TRY(WriteTag("tagmanifest-sha256.txt", Joined(tag_lines_)));
  TRY(data_->Sync());
  TRY(bag_->Sync());
  Status placed = PutInPlace();
  if (!placed) {
    // Perhaps it is there and not durable: then it is not to be there.
    (void)parent_->Rename(name_, partial_name_);
  }
  return placed;
}

Status BagWriter::PutInPlace() {
  TRY(parent_->Rename(partial_name_, name_));
  return parent_->Sync();
}

void BagWriter::Discard() {
  for (const std::string& name : payload_names_) {
    (void)data_->Remove(name);
  }
  for (const std::string& name : tag_names_) {
    (void)bag_->Remove(name);
  }
}

}  // namespace authseal
