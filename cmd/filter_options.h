// The filters that query and export share, as options of the command line.
#ifndef AUTHSEAL_CMD_FILTER_OPTIONS_H_
#define AUTHSEAL_CMD_FILTER_OPTIONS_H_

#include <string>
#include <vector>

#include "cmd/context.h"
#include "lib/base/result.h"
#include "lib/query/event_filter.h"

namespace CLI {
class App;
}

namespace authseal {

struct FilterOptions {
  std::string since;
  std::string until;
  bool local = false;
  std::vector<std::string> kinds;
  std::vector<std::string> outcomes;
  std::vector<std::string> clients;
  std::vector<std::string> users;
  std::vector<std::string> ips;
  std::vector<std::string> scopes;
  std::vector<std::string> grants;
  std::vector<std::string> tokens;
  std::string token_file;
  std::vector<std::string> sessions;
  std::vector<std::string> providers;
  std::vector<std::string> request_ids;
  std::vector<std::string> tenants;
  std::vector<std::string> matches;
  std::string record;
};

// Adds the options to `command`; `options` must outlive the parse.
void AddFilterOptions(CLI::App& command, FilterOptions& options);

// Reads --token-file, so that a token is never in argv. Errors:
// kInvalidArgument with a hint, kIo.
Result<EventFilter> MakeFilter(const FilterOptions& options, Context& context);

// Adds the fingerprint of each line of a file of tokens, or of standard input
// ("-"). Errors: kInvalidArgument with a hint, kIo.
Status AddTokenFile(const std::string& path, const Context& context,
                    std::vector<std::string>& tokens);

// Error kInvalidArgument when one of the values of `option` looks like a token
// itself, which a command line is no place for.
Status CheckNoTokens(const std::string& option,
                     const std::vector<std::string>& values);

// The filter in words, one option and value each, for export.json.
std::vector<std::string> DescribeFilter(const FilterOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_FILTER_OPTIONS_H_
