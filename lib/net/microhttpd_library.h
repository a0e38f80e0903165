// GNU libmicrohttpd, loaded when a server is made: one command of many serves
// HTTP. Private to lib/net.
#ifndef AUTHSEAL_NET_MICROHTTPD_LIBRARY_H_
#define AUTHSEAL_NET_MICROHTTPD_LIBRARY_H_

#include <cstddef>
#include <cstdint>
#include <microhttpd.h>

#include "lib/base/result.h"

namespace authseal {

// The file that <microhttpd.h> belongs to: the 12 changes with its ABI alone.
inline constexpr const char* kMicrohttpdFile = "libmicrohttpd.so.12";

// The functions that are used, each with its type in <microhttpd.h>. They hold
// to the end of the process.
struct MicrohttpdLibrary {
  decltype(&MHD_start_daemon) start_daemon = nullptr;
  decltype(&MHD_quiesce_daemon) quiesce_daemon = nullptr;
  decltype(&MHD_stop_daemon) stop_daemon = nullptr;
  decltype(&MHD_get_connection_info) get_connection_info = nullptr;
  decltype(&MHD_lookup_connection_value) lookup_connection_value = nullptr;
  decltype(&MHD_create_response_from_buffer) create_response = nullptr;
  decltype(&MHD_add_response_header) add_response_header = nullptr;
  decltype(&MHD_queue_response) queue_response = nullptr;
  decltype(&MHD_destroy_response) destroy_response = nullptr;
};

// As LoadCurl.
Result<MicrohttpdLibrary> LoadMicrohttpd(const char* file = kMicrohttpdFile);

}  // namespace authseal

#endif  // AUTHSEAL_NET_MICROHTTPD_LIBRARY_H_
