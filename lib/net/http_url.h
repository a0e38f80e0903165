// The URLs that are asked for: http and https, absolute, nothing hidden.
#ifndef AUTHSEAL_NET_HTTP_URL_H_
#define AUTHSEAL_NET_HTTP_URL_H_

#include <string_view>

#include "lib/base/result.h"

namespace authseal {

// Error kInvalidArgument with a hint unless `url` is "http://" or "https://",
// a host, and at most a port and a path. No user name or password, since
// arguments are no place for secrets; no query and no fragment; printable
// ASCII only; at most 2048 bytes.
Status CheckHttpUrl(std::string_view url);

}  // namespace authseal

#endif  // AUTHSEAL_NET_HTTP_URL_H_
