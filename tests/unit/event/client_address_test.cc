#include "lib/event/client_address.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

struct AddressCase {
  const char* text;
  const char* address;
};

class ClientAddressTest : public testing::TestWithParam<AddressCase> {};

TEST_P(ClientAddressTest, IsTheAddressAlone) {
  EXPECT_EQ(BareAddress(GetParam().text), GetParam().address);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, ClientAddressTest,
    testing::Values(AddressCase{"192.0.2.1", "192.0.2.1"},
                    AddressCase{"192.0.2.1:45330", "192.0.2.1"},
                    AddressCase{"2001:db8::1", "2001:db8::1"},
                    AddressCase{"[2001:db8::1]:443", "2001:db8::1"},
                    AddressCase{"[2001:db8::1]", "2001:db8::1"},
                    AddressCase{"::ffff:192.0.2.1", "192.0.2.1"},
                    AddressCase{"[::ffff:192.0.2.1]:80", "192.0.2.1"},
                    AddressCase{"192.0.2.1, 10.0.0.1, 10.0.0.2", "192.0.2.1"},
                    AddressCase{" 192.0.2.1:80 , 10.0.0.1", "192.0.2.1"},
                    AddressCase{"cloudformation.amazonaws.com",
                                "cloudformation.amazonaws.com"},
                    AddressCase{"host:name", "host:name"}, AddressCase{"", ""},
                    AddressCase{"[", "["}, AddressCase{"::", "::"},
                    AddressCase{",", ""}));

}  // namespace
}  // namespace authseal
