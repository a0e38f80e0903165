#include "cmd/user_file.h"

#include <memory>
#include <utility>

namespace authseal {

namespace {

struct Place {
  std::unique_ptr<Directory> directory;
  std::string name;
};

Result<Place> Locate(FileSystem& file_system, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const bool has_slash = slash != std::string::npos;
  Place place;
  auto directory = file_system.OpenDirectory(
      has_slash ? path.substr(0, slash + 1) : std::string("."));
  if (!directory.has_value()) {
    return std::move(directory).error().With(path);
  }
  place.directory = *std::move(directory);
  place.name = has_slash ? path.substr(slash + 1) : path;
  return place;
}

}  // namespace

Result<ByteVector> ReadUserFile(FileSystem& file_system,
                                const std::string& path,
                                std::uint64_t limit_bytes) {
  TRY_ASSIGN(const Place place, Locate(file_system, path));
  Result<ByteVector> bytes =
      ReadWholeFile(*place.directory, place.name, limit_bytes);
  if (bytes.has_value()) {
    return bytes;
  }
  Error error = std::move(bytes).error();
  if (error.code == ErrorCode::kDamaged) {  // too long: not evidence, a slip
    error.code = ErrorCode::kInvalidArgument;
  }
  return std::move(error)
      .With("cannot read " + path)
      .WithHint("name a regular file");
}

Status CreateUserFile(FileSystem& file_system, const std::string& path,
                      Bytes bytes, std::uint32_t mode) {
  TRY_ASSIGN(const Place place, Locate(file_system, path));
  Status created = CreateFileDurably(*place.directory, place.name, bytes, mode);
  if (!created.has_value()) {
    return std::move(created)
        .error()
        .With("cannot write " + path)
        .WithHint("name a file that does not exist yet");
  }
  return Ok();
}

}  // namespace authseal
