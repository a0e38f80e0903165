// Evidence that stands without the archive; see authseal-format(5), EVIDENCE
// BUNDLES.
#ifndef AUTHSEAL_EXPORT_BUNDLE_WRITER_H_
#define AUTHSEAL_EXPORT_BUNDLE_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/event/mapper.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"
#include "lib/query/event_filter.h"
#include "lib/verify/report.h"

namespace authseal {

struct BundleOptions {
  Pin pin;
  std::string out_path;
  std::vector<std::string> filter_words;  // for export.json
  unsigned threads = 1;
};

struct BundleResult {
  std::uint64_t records = 0;           // exported
  std::uint64_t withheld = 0;          // of the range, not exported
  std::uint64_t unsealed_skipped = 0;  // match, but no checkpoint covers them
  std::uint64_t tree_size = 0;
  Hash root;
  std::vector<ReopenedEpoch> reopened;  // epochs of the archive, for a warning
};

// Exports the records that match, with a proof each, in bounded memory (the
// tree's block hashes: about 500 bytes a block). A filter without conditions
// takes the seal records of its range too, so that nothing is withheld.
// Errors: kDamaged (of a record or a header), kNotFound (no checkpoint yet),
// kAlreadyExists (`out_path`, or what a crash left of it), kIo. After an error
// there is nothing at `out_path`.
Result<BundleResult> WriteBundle(FileSystem& file_system, const Clock& clock,
                                 const ArchiveReader& archive,
                                 const EventMapper& mapper,
                                 const EventFilter& filter,
                                 const BundleOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_BUNDLE_WRITER_H_
