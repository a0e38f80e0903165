// Verifies an evidence bundle without its archive. See authseal-format(5),
// EVIDENCE BUNDLES.
#ifndef AUTHSEAL_VERIFY_BUNDLE_VERIFIER_H_
#define AUTHSEAL_VERIFY_BUNDLE_VERIFIER_H_

#include <string_view>

#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/verify/report.h"

namespace authseal {

// Whether `path` looks like a bundle (a directory with bagit.txt and data/).
Result<bool> IsBundle(FileSystem& file_system, std::string_view path);

// depth and known checkpoints count too; records.total is the bundle's.
Result<VerifyReport> VerifyBundle(FileSystem& file_system,
                                  std::string_view path,
                                  const VerifyOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BUNDLE_VERIFIER_H_
