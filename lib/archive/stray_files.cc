#include "lib/archive/stray_files.h"

#include <functional>
#include <string>
#include <vector>

#include "lib/archive/layout.h"

namespace authseal {
namespace {

using IsOurName = std::function<bool(std::string_view)>;

Status RemoveTemporaries(Directory& directory, const IsOurName& is_our_name) {
  TRY_ASSIGN(const std::vector<std::string> names, directory.List());
  bool removed = false;
  for (const std::string& name : names) {
    std::string_view final_name = name;
    if (!final_name.ends_with(kTemporaryFileSuffix)) {
      continue;
    }
    final_name.remove_suffix(kTemporaryFileSuffix.size());
    if (is_our_name(final_name)) {
      // What another process was just making has its own name by now.
      const Status status = directory.Remove(name);
      if (!status.has_value() && status.error().code != ErrorCode::kNotFound) {
        return status;
      }
      removed = removed || status.has_value();
    }
  }
  return removed ? directory.Sync() : Ok();
}

}  // namespace

Status RemoveStrayFiles(Directory& segments, Directory& checkpoints) {
  TRY(RemoveTemporaries(segments, [](std::string_view name) {
    return ParseSegmentFileName(name).has_value();
  }));
  return RemoveTemporaries(checkpoints, [](std::string_view name) {
    return ParseCheckpointFileName(name).has_value();
  });
}

}  // namespace authseal
