// What every attack on an archive is judged by.
#ifndef AUTHSEAL_TESTS_CORRUPTION_ATTACK_H_
#define AUTHSEAL_TESTS_CORRUPTION_ATTACK_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/verify/report.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {

// "" when `report` has a finding, each is of an allowed name, and one of them
// is about `file`; else what is wrong. `names` are separated by spaces.
std::string Misjudged(const Result<VerifyReport>& report,
                      const std::string& file, const std::string& names);

// Names that damage inside a segment may give.
inline const std::string kSegmentDamage =
    "frame-corrupt trailing-bytes seek-table-mismatch header-invalid "
    "header-signature-invalid chain-broken stored-hash-mismatch leaf-mismatch "
    "count-mismatch seal-invalid seal-missing epoch-gap";

// Knows the records of a sound archive, and sees with plain readers, not with
// the verifier, which of them are still there, byte for byte, after an attack.
// Needs records that all differ.
class RecordOracle {
 public:
  explicit RecordOracle(const ArchiveFiles& original);
  // "" unless `report` calls a record trustworthy that is not there.
  std::string WronglyTrusted(const VerifyReport& report,
                             const ArchiveFiles& changed) const;
  const std::vector<std::string>& records() const { return records_; }

 private:
  ArchiveFiles original_;
  std::vector<std::string> records_;
  std::map<std::string, std::set<std::string>> records_of_file_;
};

// The number of records in `report.trustworthy`.
std::uint64_t TrustedCount(const VerifyReport& report);

// AUTHSEAL_EXHAUSTIVE is set.
bool Exhaustive();

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_CORRUPTION_ATTACK_H_
