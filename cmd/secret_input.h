// Secrets that a command is given: keys and passphrases, from a file, a file
// descriptor, a credential of the service manager, or the terminal. Never from
// an argument or the environment.
#ifndef AUTHSEAL_CMD_SECRET_INPUT_H_
#define AUTHSEAL_CMD_SECRET_INPUT_H_

#include <optional>
#include <string>
#include <string_view>

#include "cmd/context.h"
#include "lib/base/result.h"
#include "lib/crypto/secret.h"

namespace authseal {

// Splits a user's path into the directory to open and the name in it. Links
// in the path are followed, the last part too.
struct FilePlace {
  std::string directory;
  std::string name;
};
FilePlace PlaceOf(const std::string& path);

// What `source` holds:
//   FILE             a regular file, refused when others can read it;
//   fd:N, /dev/fd/N  a pipe or file that is open already, read to its end and
//                    closed; who may read it is the caller's affair;
//   credential:NAME  a file of $CREDENTIALS_DIRECTORY;
//   -                standard input.
// At most `limit_bytes`. Errors: kKey (missing, open to others, too large),
// kIo.
Result<Secret> ReadSecret(Context& context, const std::string& source,
                          std::size_t limit_bytes);

// A passphrase: the first line of `source` without its LF; where `source` is
// empty, asked for on the terminal with echo off. Error kKey: empty, longer
// than 1024 bytes, or nobody to ask.
Result<Secret> ReadPassphrase(Context& context, const std::string& source,
                              std::string_view question);
// Asked twice on the terminal.
Result<Secret> ReadNewPassphrase(Context& context, const std::string& source);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_SECRET_INPUT_H_
