// The way on for an archive whose open segment was damaged after it was
// durable: what stands behind the damage is set aside, and the archive itself
// says so. See authseal-recover(1). Not part of the verify core.
#ifndef AUTHSEAL_ARCHIVE_SALVAGING_H_
#define AUTHSEAL_ARCHIVE_SALVAGING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lib/archive/key_store.h"
#include "lib/archive/open_segment_damage.h"
#include "lib/base/result.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"

namespace authseal {

// Appends the line that was delivered for one record, as far as it is one.
using DeliverRecord =
    std::function<void(std::string_view record, std::string& lines)>;

struct SalvageResult {
  OpenSegmentDamage damage;
  // Damage, and no torn append that the next writer sets aside by itself.
  bool is_damaged = false;
  std::string bytes_path;  // below the archive: all bytes behind the damage
  std::string lines_path;  // the intact records among them; empty without
};

// Looks, and changes nothing. Errors: kKey, kLocked, kInvalidArgument (a seal
// or a reopening is to be completed first), kDamaged (a sealed segment), kIo.
Result<SalvageResult> ExamineArchive(FileSystem& file_system,
                                     std::string_view archive_path,
                                     KeyStore keys);

// Sets aside what stands behind the damage, keeps the commits before it, and
// adds a record that names what was lost, signed by the epoch's key. Nothing
// damaged is signed. Without damage it does nothing. Any crash leaves a state
// that a second call completes.
Result<SalvageResult> SalvageArchive(FileSystem& file_system,
                                     const Clock& clock,
                                     std::string_view archive_path,
                                     KeyStore keys,
                                     const DeliverRecord& deliver);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SALVAGING_H_
