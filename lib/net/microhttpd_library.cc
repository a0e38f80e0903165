#include "lib/net/microhttpd_library.h"

#include "lib/net/loaded_library.h"

namespace authseal {

Result<MicrohttpdLibrary> LoadMicrohttpd(const char* file) {
  LoadedLibrary library(file);
  MicrohttpdLibrary mhd;
  const bool complete =
      library.Look("MHD_start_daemon", mhd.start_daemon) &&
      library.Look("MHD_quiesce_daemon", mhd.quiesce_daemon) &&
      library.Look("MHD_stop_daemon", mhd.stop_daemon) &&
      library.Look("MHD_get_connection_info", mhd.get_connection_info) &&
      library.Look("MHD_lookup_connection_value",
                   mhd.lookup_connection_value) &&
      library.Look("MHD_create_response_from_buffer", mhd.create_response) &&
      library.Look("MHD_add_response_header", mhd.add_response_header) &&
      library.Look("MHD_queue_response", mhd.queue_response) &&
      library.Look("MHD_destroy_response", mhd.destroy_response);
  if (!complete) {
    return Error{
        ErrorCode::kTemporary,
        "cannot serve HTTP without libmicrohttpd: " + library.why_not(),
        "install libmicrohttpd 0.9.75 or later (Debian: apt install "
        "libmicrohttpd12)"};
  }
  return mhd;
}

}  // namespace authseal
