#include "lib/event/extractor.h"

#include <utility>

namespace authseal {
namespace {

Error BadExtractor(std::string_view text, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument,
               "extractor '" + std::string(text) + "' " + std::string(why)};
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Result<Extractor> ParseExtractor(std::string_view text) {
  Extractor out;
  std::string_view rest = text;
  if (TakePrefix(rest, "group:")) {
    out.source = Extractor::Source::kGroup;
    out.name = rest;
    if (rest.empty()) {
      return BadExtractor(text, "names no group");
    }
    return out;
  }
  if (TakePrefix(rest, "const:")) {
    out.source = Extractor::Source::kConstant;
    out.name = rest;
    return out;
  }
  char separator = '\0';
  if (TakePrefix(rest, "kv:")) {
    out.source = Extractor::Source::kKeyValue;
    separator = ':';
  } else if (TakePrefix(rest, "query:")) {
    out.source = Extractor::Source::kQuery;
    separator = ':';
  } else if (TakePrefix(rest, "json:")) {
    out.source = Extractor::Source::kJson;
    separator = '/';
  } else if (TakePrefix(rest, "name:")) {
    out.source = Extractor::Source::kMemberName;
  }
  out.of_item = TakePrefix(rest, "@");
  if (separator != '\0') {
    // The inner pointer of json: begins at the first ":/": a '/' inside a
    // member's name is written ~1, so none other can follow a colon.
    const std::size_t at = separator == '/' ? rest.find(":/") : rest.rfind(':');
    if (at == std::string_view::npos || at + 1 == rest.size()) {
      return BadExtractor(text, "lacks ':' and what to take");
    }
    out.name = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  if (!rest.empty() && rest[0] != '/') {
    return BadExtractor(text, "is neither a pointer nor a known form");
  }
  out.pointer = rest;
  return out;
}

}  // namespace authseal
