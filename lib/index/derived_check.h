// Makes the indexes of an archive again from its records and compares: what
// their roots cannot tell, that nothing was left out when they were made.
#ifndef AUTHSEAL_INDEX_DERIVED_CHECK_H_
#define AUTHSEAL_INDEX_DERIVED_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/index/index_rules.h"
#include "lib/verify/finding.h"

namespace authseal {

struct DerivedCheck {
  std::vector<Finding> findings;         // index-mismatch
  std::vector<std::string> not_checked;  // one line each
  std::uint64_t indexes_ok = 0;
};

// For an archive that was just verified: what is damaged or not what is signed
// was found there, and is passed over here. Memory: the parts of one segment,
// see segment_index_builder.h. Errors: kIo, kTemporary.
Result<DerivedCheck> CheckDerivedIndexes(const ArchiveReader& archive,
                                         const IndexRules& rules,
                                         unsigned threads);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_DERIVED_CHECK_H_
