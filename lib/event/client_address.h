// Client addresses as logs spell them.
#ifndef AUTHSEAL_EVENT_CLIENT_ADDRESS_H_
#define AUTHSEAL_EVENT_CLIENT_ADDRESS_H_

#include <string_view>

namespace authseal {

// The address alone out of "1.2.3.4:5678", "[2001:db8::1]:443",
// "::ffff:1.2.3.4" (the IPv4 address) and "a, b, c" (X-Forwarded-For: the
// first, which is the client as it claims to be). What is no address, such as a
// service's name, stays as it is. A view into `text`.
std::string_view BareAddress(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_CLIENT_ADDRESS_H_
