#include "lib/net/http_url.h"

#include <algorithm>
#include <string>

namespace authseal {
namespace {

constexpr std::size_t kUrlSizeBytesMax = 2048;

Error Bad(std::string_view what) {
  return {ErrorCode::kInvalidArgument, "the URL " + std::string(what),
          "give it as http://host[:port][/path] or https://…"};
}

}  // namespace

Status CheckHttpUrl(std::string_view url) {
  if (url.size() > kUrlSizeBytesMax) {
    return Bad("is longer than 2048 bytes");
  }
  const bool printable = std::all_of(
      url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!printable) {
    return Bad("has spaces or characters that are not ASCII");
  }
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return Bad("begins with neither http:// nor https://");
  }
  const std::string_view host = rest.substr(0, rest.find('/'));
  if (host.empty() || host.front() == ':') {
    return Bad("names no host");
  }
  if (host.find('@') != std::string_view::npos) {
    return Bad("has a user name or password in it");
  }
  if (rest.find_first_of("?#\\\"<>") != std::string_view::npos) {
    return Bad("has a query, a fragment or a character that no path has");
  }
  return Ok();
}

}  // namespace authseal
