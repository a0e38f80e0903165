// Where a command's keys come from: the writer's key directory, and the pin a
// reader checks against. Shared by all commands that take --keys or --key.
#ifndef AUTHSEAL_CMD_KEY_OPTIONS_H_
#define AUTHSEAL_CMD_KEY_OPTIONS_H_

#include <optional>
#include <string>
#include <string_view>

#include "cmd/context.h"
#include "lib/archive/key_store.h"
#include "lib/base/result.h"
#include "lib/verify/report.h"
#include "lib/verify/verifier_state.h"

namespace authseal {

// --keys, else "<archive>.keys" beside the archive, else, where that is not
// there, $CREDENTIALS_DIRECTORY.
std::string KeysPath(Context& context, const std::string& archive_path,
                     const std::string& keys_option);

// --key: a verification key, or a file with one on its first line and
// optionally "genesis <64 hex digits>" on its second. Errors: kKey, kIo.
Result<Pin> LoadPin(Context& context, const std::string& key_option);

// $STATE_DIRECTORY, else $XDG_STATE_HOME/authseal, else
// ~/.local/state/authseal. Empty when none of them is set.
std::string StateDirectoryPath(const Context& context);

// The absolute path of a target, links resolved; the argument as it stands
// when it does not exist.
std::string AbsolutePath(const std::string& path);

enum class PinSource {
  kOption,
  kState,
  kFirstUse
};
std::string_view PinSourceName(PinSource source);  // "option" "state" …

struct ResolvedPin {
  Pin pin;
  PinSource source = PinSource::kFirstUse;
};

// The pin for `archive_path`: --key, else what the verifier remembers, else
// identity.pub of the key directory (first use). A key given without a genesis
// takes the genesis from the state when the keys agree. Error kKey when there
// is none, with a hint.
Result<ResolvedPin> ResolvePin(Context& context,
                               const std::string& archive_path,
                               const std::string& key_option,
                               const std::string& keys_option,
                               const std::optional<VerifierState>& state);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_KEY_OPTIONS_H_
