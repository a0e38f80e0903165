// One proof a record, each a file that stands alone: c2sp.org/tlog-proof. See
// authseal-export(1), PROOFS BY THEMSELVES.
#ifndef AUTHSEAL_EXPORT_TLOG_PROOFS_H_
#define AUTHSEAL_EXPORT_TLOG_PROOFS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/archive/archive_reader.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/event/mapper.h"
#include "lib/export/bundle_writer.h"
#include "lib/io/file_system.h"
#include "lib/query/event_filter.h"
#include "lib/verify/report.h"

namespace authseal {

// The text of a proof. `note` is a checkpoint, as it stands.
std::string FormatTlogProof(std::uint64_t index, std::span<const Hash> proof,
                            std::string_view note);

struct TlogProofOptions {
  Pin pin;
  std::string out_path;
  unsigned threads = 1;
};

// Writes <number>.json, the record as it is stored, and <number>.tlog-proof
// for each record that matches. Meaning of the result and errors as of
// WriteBundle; memory too.
Result<BundleResult> WriteTlogProofs(FileSystem& file_system,
                                     const ArchiveReader& archive,
                                     const EventMapper& mapper,
                                     const EventFilter& filter,
                                     const TlogProofOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_TLOG_PROOFS_H_
