#include "lib/index/mapping_texts_hash.h"

#include <string_view>

#include "lib/base/coding.h"
#include "lib/crypto/sha256.h"
#include "lib/event/mapper.h"

namespace authseal {
namespace {

// To be raised whenever events or terms of the same records change, or how the
// index keeps them, although the mappings' texts do not. A test with a pinned
// index notices.
constexpr std::uint32_t kIndexRulesVersion = 4;
constexpr std::string_view kMappingIdPrefix = "authseal/v1/mappings\n";

}  // namespace

Hash MappingTextsHash() {
  Sha256 digest;
  const auto add = [&digest](std::string_view text) {
    Encoder size;
    size.U32(static_cast<std::uint32_t>(text.size()));
    digest.Update(size.bytes()).Update(AsBytes(text));
  };
  Encoder version;
  version.U32(kIndexRulesVersion);
  digest.Update(AsBytes(kMappingIdPrefix)).Update(version.bytes());
  for (const BuiltInMapping& source : BuiltInMappings()) {
    add(source.name);
    add(source.text);
  }
  return digest.Finish();
}

}  // namespace authseal
