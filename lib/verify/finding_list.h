// Collects findings: all are counted, the first kFindingsMax are kept, so that
// a file of garbage cannot fill the memory.
#ifndef AUTHSEAL_VERIFY_FINDING_LIST_H_
#define AUTHSEAL_VERIFY_FINDING_LIST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/verify/finding.h"

namespace authseal {

class FindingList {
 public:
  void Add(Finding finding);
  void Append(FindingList&& later);

  std::uint64_t total() const { return total_; }
  bool empty() const { return total_ == 0; }
  bool Has(FindingKind kind) const;
  const std::vector<Finding>& findings() const { return findings_; }
  // In order of block and offset; those without either come last.
  void SortByPlace();
  // To the sentences of those about `first_block` and later ones.
  void AppendText(std::uint64_t first_block, std::string_view text);
  std::vector<Finding> Take() && { return std::move(findings_); }

 private:
  std::vector<Finding> findings_;
  std::uint64_t total_ = 0;
};

// "records 5 to 9", as a person counts them: both ends included.
std::string DescribeRecords(const RecordRange& records);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_FINDING_LIST_H_
