#include "lib/verify/finding_list.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/verify/report.h"

namespace authseal {
namespace {

constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint64_t>::max();

std::pair<std::uint64_t, std::uint64_t> PlaceOf(const Finding& finding) {
  return {finding.block.value_or(kNowhere),
          finding.offset_bytes.value_or(kNowhere)};
}

}  // namespace

void FindingList::Add(Finding finding) {
  ++total_;
  if (findings_.size() < kFindingsMax) {
    findings_.push_back(std::move(finding));
  }
}

void FindingList::Append(FindingList&& later) {
  total_ += later.total_ - later.findings_.size();
  for (Finding& finding : later.findings_) {
    Add(std::move(finding));
  }
}

bool FindingList::Has(FindingKind kind) const {
  return std::any_of(
      findings_.begin(), findings_.end(),
      [kind](const Finding& finding) { return finding.kind == kind; });
}

void FindingList::SortByPlace() {
  std::stable_sort(findings_.begin(), findings_.end(),
                   [](const Finding& left, const Finding& right) {
                     return PlaceOf(left) < PlaceOf(right);
                   });
}

void FindingList::AppendText(std::uint64_t first_block, std::string_view text) {
  for (Finding& finding : findings_) {
    if (finding.block.has_value() && *finding.block >= first_block) {
      finding.text += text;
    }
  }
}

std::string DescribeRecords(const RecordRange& records) {
  if (records.count() == 1) {
    return "record " + std::to_string(records.first);
  }
  return "records " + std::to_string(records.first) + " to " +
         std::to_string(records.end - 1);
}

}  // namespace authseal
