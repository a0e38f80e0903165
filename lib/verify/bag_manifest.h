// A BagIt manifest (RFC 8493, section 2.1.3) in the one spelling we write.
// Private to lib/verify.
#ifndef AUTHSEAL_VERIFY_BAG_MANIFEST_H_
#define AUTHSEAL_VERIFY_BAG_MANIFEST_H_

#include <map>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

using BagManifest = std::map<std::string, Hash, std::less<>>;  // by path

// Lines of 64 hex digits, two spaces and a path. Error kDamaged: another
// form, a path twice, or one that is absolute or could lead out of the bag.
Result<BagManifest> ParseBagManifest(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_BAG_MANIFEST_H_
