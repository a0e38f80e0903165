#include "lib/verify/bundle_files.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "lib/crypto/sha256.h"
#include "lib/verify/bag_manifest.h"

namespace authseal {
namespace {

constexpr std::string_view kData = "data";
constexpr std::string_view kPayloadManifest = "manifest-sha256.txt";
constexpr std::string_view kTagManifest = "tagmanifest-sha256.txt";
constexpr std::string_view kBagItName = "bagit.txt";
constexpr std::string_view kBagItText =
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

// What each manifest covers, and with the tag manifest itself all there is.
constexpr std::array kPayloadFiles = {
    kBundleRecords,     kBundleProofs, kBundleCheckpoint,
    kBundleArchiveNote, kBundleEpochs, std::string_view("data/export.json")};
constexpr std::array kTagFiles = {kBagItName, std::string_view("bag-info.txt"),
                                  std::string_view("README.txt"),
                                  kPayloadManifest};

constexpr std::uint64_t kManifestSizeBytesMax = 64u << 10;
constexpr std::size_t kHashChunkSizeBytes = 1u << 20;

bool Contains(std::span<const std::string_view> paths, std::string_view path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

void AddFinding(FindingKind kind, std::string_view file, std::string text,
                FindingList& findings) {
  Finding finding;
  finding.kind = kind;
  finding.file = file;
  finding.text = std::move(text);
  findings.Add(std::move(finding));
}

// The names in a directory that belong to a bundle and are regular files.
Status ListFiles(const Directory& directory, std::string_view prefix,
                 std::set<std::string, std::less<>>& present,
                 FindingList& findings) {
  TRY_ASSIGN(const auto names, directory.List());
  for (const std::string& name : names) {
    const std::string path = std::string(prefix) + name;
    TRY_ASSIGN(const FileInfo info, directory.Info(name));
    const bool known = Contains(kPayloadFiles, path) ||
                       path == kBundleTimestamp || Contains(kTagFiles, path) ||
                       path == kTagManifest;
    if (path == kData && info.type == FileInfo::Type::kDirectory) {
      continue;
    }
    if (known && info.type == FileInfo::Type::kRegular) {
      present.insert(path);
    } else {
      AddFinding(FindingKind::kFileUnexpected, path,
                 "a bundle has no such file", findings);
    }
  }
  return Ok();
}

Result<Hash> HashOf(const ReadableFile& file) {
  Sha256 digest;
  ByteVector chunk(kHashChunkSizeBytes);
  std::uint64_t offset_bytes = 0;
  while (true) {
    TRY_ASSIGN(const std::size_t count, file.ReadAt(offset_bytes, chunk));
    digest.Update(Bytes(chunk).first(count));
    offset_bytes += count;
    if (count < chunk.size()) {
      return digest.Finish();
    }
  }
}

// Compares the files that `manifest_path` is to cover with what it says.
Status CheckManifest(const BundleFiles& files, std::string_view manifest_path,
                     std::span<const std::string_view> covered,
                     FindingList& findings) {
  if (!files.Has(manifest_path)) {
    return Ok();  // said already
  }
  const auto bytes = files.ReadWhole(manifest_path, kManifestSizeBytesMax);
  if (!bytes.has_value() && bytes.error().code != ErrorCode::kDamaged) {
    return bytes.error();
  }
  const auto manifest = bytes.has_value() ? ParseBagManifest(AsText(*bytes))
                                          : Result<BagManifest>(bytes.error());
  if (!manifest.has_value()) {
    AddFinding(FindingKind::kManifestMismatch, manifest_path,
               manifest.error().message, findings);
    return Ok();
  }
  for (const auto& [path, hash] : *manifest) {
    if (!Contains(covered, path)) {
      AddFinding(FindingKind::kManifestMismatch, manifest_path,
                 "it lists " + path + ", which does not belong there",
                 findings);
    }
  }
  for (const std::string_view path : covered) {
    const auto listed = manifest->find(path);
    if (listed == manifest->end()) {
      AddFinding(FindingKind::kManifestMismatch, manifest_path,
                 "it does not list " + std::string(path), findings);
    } else if (files.Has(path)) {
      TRY_ASSIGN(const auto file, files.OpenRead(path));
      TRY_ASSIGN(const Hash hash, HashOf(*file));
      if (hash != listed->second) {
        AddFinding(
            FindingKind::kManifestMismatch, path,
            "its SHA-256 is not the one in " + std::string(manifest_path),
            findings);
      }
    }
  }
  return Ok();
}

}  // namespace

Result<BundleFiles> BundleFiles::Open(FileSystem& file_system,
                                      std::string_view path,
                                      FindingList& findings) {
  BundleFiles files;
  TRY_ASSIGN(files.root_, file_system.OpenDirectory(path));
  TRY(ListFiles(*files.root_, "", files.present_, findings));
  auto data = files.root_->OpenDirectory(kData);
  if (data.has_value()) {
    files.data_ = *std::move(data);
    TRY(ListFiles(*files.data_, "data/", files.present_, findings));
  } else if (data.error().code != ErrorCode::kNotFound &&
             data.error().code != ErrorCode::kInvalidArgument) {
    return std::move(data).error();  // a file or a link is found above
  }
  const auto require = [&](std::string_view file) {
    if (!files.Has(file)) {
      AddFinding(FindingKind::kFileMissing, file, "it is missing", findings);
    }
  };
  std::for_each(kTagFiles.begin(), kTagFiles.end(), require);
  require(kTagManifest);
  std::for_each(kPayloadFiles.begin(), kPayloadFiles.end(), require);
  return files;
}

Result<std::unique_ptr<ReadableFile>> BundleFiles::OpenRead(
    std::string_view path) const {
  const bool in_data = path.starts_with("data/");
  const Directory& directory = in_data ? *data_ : *root_;
  return directory.OpenRead(in_data ? path.substr(kData.size() + 1) : path);
}

Result<ByteVector> BundleFiles::ReadWhole(std::string_view path,
                                          std::uint64_t limit_bytes) const {
  const bool in_data = path.starts_with("data/");
  const Directory& directory = in_data ? *data_ : *root_;
  return ReadWholeFile(
      directory, in_data ? path.substr(kData.size() + 1) : path, limit_bytes);
}

Status BundleFiles::CheckManifests(FindingList& findings) const {
  if (Has(kBagItName)) {
    const auto bagit = ReadWhole(kBagItName, kManifestSizeBytesMax);
    if (!bagit.has_value() && bagit.error().code != ErrorCode::kDamaged) {
      return bagit.error();
    }
    if (!bagit.has_value() || AsText(*bagit) != kBagItText) {
      AddFinding(FindingKind::kManifestMismatch, kBagItName,
                 "it is not the declaration of a BagIt 1.0 bag", findings);
    }
  }
  TRY(CheckManifest(*this, kTagManifest, kTagFiles, findings));
  std::vector<std::string_view> payload(kPayloadFiles.begin(),
                                        kPayloadFiles.end());
  if (Has(kBundleTimestamp)) {
    payload.push_back(kBundleTimestamp);
  }
  return CheckManifest(*this, kPayloadManifest, payload, findings);
}

}  // namespace authseal
