#include "lib/verify/listing_check.h"

#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/layout.h"

namespace authseal {
namespace {

void Report(std::string file, std::string text, FindingList& findings) {
  findings.Add({FindingKind::kFileUnexpected, std::move(file), std::nullopt,
                std::nullopt, std::nullopt, std::move(text)});
}

}  // namespace

void ReportUnexpected(const ArchiveListing& listing, FindingList& findings) {
  for (const std::string& path : listing.unexpected) {
    Report(path, "a file that an archive does not have here", findings);
  }
}

void ReportIndexes(const ArchiveListing& listing,
                   const std::set<std::uint64_t>& indexed,
                   FindingList& findings) {
  for (const std::uint64_t first_record : listing.indexes) {
    if (!indexed.contains(first_record)) {
      Report(std::string(kSegmentsName) + "/" + IndexName(first_record),
             "no segment's footer names this index", findings);
    }
  }
}

void AddListingNotes(const ArchiveListing& listing, VerifyReport& report) {
  if (listing.salvage_present) {
    report.notes.push_back({"salvage-present", std::string(kSalvageName),
                            "torn tails of crashes, or what recover set "
                            "aside, are kept there; they are not verified"});
  }
  if (report.checkpoint_size < report.tree_size) {
    report.notes.push_back(
        {"unpublished", "",
         DescribeRecords({report.checkpoint_size, report.tree_size}) +
             (report.tree_size - report.checkpoint_size == 1 ? " is" : " are") +
             " sealed and no checkpoint covers them"});
  }
}

}  // namespace authseal
