// The files of a bundle as a BagIt bag (RFC 8493): which there are, and
// whether they are what the manifests say. Private to lib/verify.
#ifndef AUTHSEAL_VERIFY_BUNDLE_FILES_H_
#define AUTHSEAL_VERIFY_BUNDLE_FILES_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/verify/finding_list.h"

namespace authseal {

inline constexpr std::string_view kBundleRecords = "data/records.jsonl";
inline constexpr std::string_view kBundleProofs = "data/proofs.jsonl";
inline constexpr std::string_view kBundleCheckpoint = "data/checkpoint.note";
inline constexpr std::string_view kBundleTimestamp = "data/checkpoint.tsr";
inline constexpr std::string_view kBundleArchiveNote = "data/archive.note";
inline constexpr std::string_view kBundleEpochs = "data/epochs.txt";

class BundleFiles {
 public:
  // Lists the bundle and adds file-missing and file-unexpected to `findings`:
  // a bundle has exactly the files of the man page, of which the timestamp may
  // be absent. Errors: kNotFound, kIo.
  static Result<BundleFiles> Open(FileSystem& file_system,
                                  std::string_view path, FindingList& findings);

  // `path` is one of the bundle's own names; nothing that a manifest says is
  // ever opened.
  bool Has(std::string_view path) const { return present_.contains(path); }
  Result<std::unique_ptr<ReadableFile>> OpenRead(std::string_view path) const;
  Result<ByteVector> ReadWhole(std::string_view path,
                               std::uint64_t limit_bytes) const;

  // Adds manifest-mismatch to `findings` where bagit.txt, a manifest or a
  // file's hash is not what it should be. Reads every file. Errors: kIo.
  Status CheckManifests(FindingList& findings) const;

 private:
  BundleFiles() = default;

  std::unique_ptr<Directory> root_;
  std::unique_ptr<Directory> data_;  // null when it is missing
  std::set<std::string, std::less<>> present_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BUNDLE_FILES_H_
