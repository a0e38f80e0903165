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

}  // namespace

BagFile::BagFile(std::string name, std::unique_ptr<WritableFile> file)
    : name_(std::move(name)), file_(std::move(file)) {}

Status BagFile::Append(std::string_view text) {
  hash_.Update(AsBytes(text));
  return file_->Append(AsBytes(text));
}

BagWriter::BagWriter(NewPlace place) : place_(std::move(place)) {}

Result<BagWriter> BagWriter::Create(FileSystem& file_system,
                                    std::string_view path) {
  TRY_ASSIGN(NewPlace place, NewPlace::Find(file_system, path));
  BagWriter bag(std::move(place));
  TRY_ASSIGN(bag.bag_, bag.place_.OpenPartial());
  TRY(bag.OpenData());
  return bag;
}

// Empty, but for an empty data/, is what Discard() leaves; anything else may be
// somebody's.
Status BagWriter::OpenData() {
  TRY_ASSIGN(const std::vector<std::string> names, bag_->List());
  if (!names.empty() && names != std::vector<std::string>{"data"}) {
    return place_.Occupied();
  }
  if (names.empty()) {
    TRY(bag_->MakeDirectory("data", kDirectoryMode));
  }
  auto data = bag_->OpenDirectory("data");
  if (!data.has_value()) {
    return names.empty() ? Status(std::move(data).error())
                         : Status(place_.Occupied());
  }
  data_ = *std::move(data);
  TRY_ASSIGN(const std::vector<std::string> payload, data_->List());
  return payload.empty() ? Ok() : Status(place_.Occupied());
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
  return place_.Finish();
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
