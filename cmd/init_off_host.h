// authseal init --request and --response: an archive whose identity key never
// comes to its host.
#ifndef AUTHSEAL_CMD_INIT_OFF_HOST_H_
#define AUTHSEAL_CMD_INIT_OFF_HOST_H_

#include <string>

#include "cmd/context.h"
#include "cmd/exit_status.h"
#include "lib/archive/archive_writer.h"
#include "lib/base/result.h"

namespace authseal {

struct InitRequestOptions {
  std::string archive;
  std::string keys;
  std::string key;      // a verification key, or a file with it
  std::string request;  // where to write it
  bool json = false;
};

// Makes the directories and writes the request; no archive yet.
Result<ExitStatus> AskForInit(Context& context,
                              const InitRequestOptions& options);

// Puts the signed note in its place.
Result<InitResult> TakeInitResponse(Context& context,
                                    const std::string& archive_path,
                                    const std::string& keys_path,
                                    const std::string& source);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_INIT_OFF_HOST_H_
