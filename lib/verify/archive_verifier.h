// Verifies an archive: chain, tree, signatures, seals, checkpoints, every byte
// accounted for. See authseal-format(5), VERIFICATION.
#ifndef AUTHSEAL_VERIFY_ARCHIVE_VERIFIER_H_
#define AUTHSEAL_VERIFY_ARCHIVE_VERIFIER_H_

#include <string_view>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/verify/report.h"

namespace authseal {

// Looks at everything and reports every finding, with bounded memory. An Error
// means that it could not look (I/O, memory, newer version), never damage.
Result<VerifyReport> VerifyArchive(const ArchiveReader& archive,
                                   const VerifyOptions& options);

// Opens the archive at `path` and verifies it. An archive.note that does not
// parse and a missing directory are findings, of a report that says no more.
// Errors also: kNotArchive.
Result<VerifyReport> VerifyArchiveAt(FileSystem& file_system,
                                     std::string_view path,
                                     const VerifyOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_ARCHIVE_VERIFIER_H_
