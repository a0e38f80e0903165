#include "lib/witness/witness_key_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/archive/key_files.h"

namespace authseal {
namespace {

struct Place {
  std::unique_ptr<Directory> directory;
  std::string directory_path;
  std::string name;
};

Result<Place> OpenPlace(FileSystem& file_system, std::string_view path) {
  Place place;
  const std::size_t slash = path.rfind('/');
  const bool has_slash = slash != std::string_view::npos;
  place.name = has_slash ? path.substr(slash + 1) : path;
  place.directory_path = has_slash ? path.substr(0, slash) : ".";
  if (slash == 0) {
    place.directory_path = "/";
  }
  TRY_ASSIGN(place.directory, file_system.OpenDirectory(place.directory_path));
  return place;
}

}  // namespace

Result<WitnessKey> CreateWitnessKey(FileSystem& file_system,
                                    std::string_view path,
                                    std::string_view name) {
  if (!IsNoteKeyName(name)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the name is empty or has a space, a control character or a "
                 "'+'",
                 "use a name such as witness.example.org/w1"};
  }
  TRY_ASSIGN(const Place place, OpenPlace(file_system, path));
  TRY_ASSIGN(const Ed25519Signer signer, Ed25519Signer::Generate());
  const Secret key = FormatSigningKey(name, signer);
  Secret line(key.view().size() + 1);
  std::copy(key.view().begin(), key.view().end(), line.span().begin());
  line.span().back() = '\n';
  Status created = CreatePrivateFile(*place.directory, place.name, line.view());
  if (!created && created.error().code == ErrorCode::kAlreadyExists) {
    return Error{ErrorCode::kAlreadyExists,
                 std::string(path) + " is there already",
                 "a witness keeps its key; name a path that does not exist"};
  }
  if (!created) {
    return std::move(created).error().With(path);
  }
  return MakeWitnessKey(name, signer.public_key());
}

Result<NamedSigner> LoadWitnessKey(FileSystem& file_system,
                                   std::string_view path) {
  TRY_ASSIGN(const Place place, OpenPlace(file_system, path));
  TRY_ASSIGN(const std::optional<Secret> text,
             ReadPrivateFile(*place.directory, place.directory_path, place.name,
                             kSecretFileSizeBytesMax));
  if (!text.has_value()) {
    return Error{ErrorCode::kKey, "there is no key " + std::string(path),
                 "authseal witness init --key FILE --name NAME makes one"};
  }
  std::string_view line = AsText(text->view());
  if (line.ends_with('\n')) {
    line.remove_suffix(1);
  }
  auto signer = ParseSigningKey(line);
  if (!signer) {
    return std::move(signer).error().With(path);
  }
  return *std::move(signer);
}

}  // namespace authseal
