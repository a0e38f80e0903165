// Timestamps beside checkpoints and in bundles: whether each belongs to its
// note and an authority that the verifier trusts signed it. See
// authseal-format(5), TIMESTAMPS. Private to lib/verify.
#ifndef AUTHSEAL_VERIFY_TIMESTAMP_CHECK_H_
#define AUTHSEAL_VERIFY_TIMESTAMP_CHECK_H_

#include <cstdint>
#include <string_view>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/verify/bundle_files.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/report.h"

namespace authseal {

// Checks every .tsq and .tsr of the archive; adds checkpoint-invalid, and to
// `report` the newest timestamp that verifies and what stays open. Errors:
// kIo, kTemporary.
Status CheckTimestamps(const ArchiveReader& archive,
                       const ArchiveListing& listing,
                       const VerifyOptions& options, VerifyReport& report,
                       FindingList& findings);

// The same for the one that a bundle may hold, of its checkpoint of
// `tree_size` records.
Status CheckBundleTimestamp(const BundleFiles& files, std::uint64_t tree_size,
                            const VerifyOptions& options, VerifyReport& report,
                            FindingList& findings);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_TIMESTAMP_CHECK_H_
