// What a verification leaves open, in words, so that a verdict is never read
// as more than it is.
#ifndef AUTHSEAL_VERIFY_NOT_CHECKED_H_
#define AUTHSEAL_VERIFY_NOT_CHECKED_H_

#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/verify/anchor_set.h"
#include "lib/verify/report.h"

namespace authseal {

struct NotCheckedInput {
  const VerifyOptions& options;
  const VerifyReport& report;
  const ArchiveListing& listing;
  const AnchorSet& anchors;
  bool keys_lost = false;  // some segment's epoch key is not known
};

std::vector<std::string> DescribeNotChecked(const NotCheckedInput& input);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_NOT_CHECKED_H_
