// What the names in an archive alone tell.
#ifndef AUTHSEAL_VERIFY_LISTING_CHECK_H_
#define AUTHSEAL_VERIFY_LISTING_CHECK_H_

#include <cstdint>
#include <set>

#include "lib/archive/archive_reader.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/report.h"

namespace authseal {

// file-unexpected for names that an archive does not have.
void ReportUnexpected(const ArchiveListing& listing, FindingList& findings);

// file-unexpected for indexes but those of segments that begin at `indexed`.
void ReportIndexes(const ArchiveListing& listing,
                   const std::set<std::uint64_t>& indexed,
                   FindingList& findings);

// salvage-present; unpublished, by the sizes in `report`.
void AddListingNotes(const ArchiveListing& listing, VerifyReport& report);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_LISTING_CHECK_H_
