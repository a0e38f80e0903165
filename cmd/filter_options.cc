#include "cmd/filter_options.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "cmd/output.h"
#include "lib/query/time_bound.h"
#include "lib/scrub/scrubber.h"

namespace authseal {

namespace {

constexpr std::size_t kTokenFileSizeBytesMax = 65536;

// An option that may be given again, and what it is called.
struct ListOption {
  const char* name;
  std::vector<std::string> FilterOptions::*values;
  const char* help;
};
constexpr std::array<ListOption, 13> kListOptions = {{
    {"--event", &FilterOptions::kinds, "Kind of event, or token.* for all"},
    {"--outcome", &FilterOptions::outcomes, "success, failure or unknown"},
    {"--client", &FilterOptions::clients, "Client id or name"},
    {"--user", &FilterOptions::users, "User id or name"},
    {"--ip", &FilterOptions::ips, "Address or block, as in 192.0.2.0/24"},
    {"--scope", &FilterOptions::scopes, "Scope"},
    {"--grant", &FilterOptions::grants, "Grant type"},
    {"--token", &FilterOptions::tokens, "Token id, family or fingerprint"},
    {"--session", &FilterOptions::sessions, "Session"},
    {"--provider", &FilterOptions::providers, "Provider"},
    {"--request-id", &FilterOptions::request_ids, "Request id"},
    {"--tenant", &FilterOptions::tenants, "Tenant or realm"},
    {"--match", &FilterOptions::matches,
     "/pointer=value, also != ~ < >; all must hold"},
}};

Error SystemError(const std::string& path) {
  return Error{ErrorCode::kIo,
               "cannot read " + path + ": " + std::strerror(errno)};
}

// All of a file, a pipe, or standard input ("-").
Result<std::string> ReadTokenText(const std::string& path,
                                  const Context& context) {
  const bool standard = path == "-";
  const int fd =
      standard ? context.input_fd : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return SystemError(path);
  }
  std::string text(kTokenFileSizeBytesMax + 1, '\0');
  std::size_t size_bytes = 0;
  ssize_t got = 1;
  while (got > 0 && size_bytes < text.size()) {
    got = ::read(fd, text.data() + size_bytes, text.size() - size_bytes);
    if (got < 0 && errno == EINTR) {
      got = 1;
      continue;
    }
    size_bytes += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  Error failed = SystemError(path);
  if (!standard) {
    ::close(fd);
  }
  if (got < 0) {
    return failed;
  }
  if (size_bytes > kTokenFileSizeBytesMax) {
    return Error{ErrorCode::kInvalidArgument,
                 path + " is larger than any token",
                 "a token file holds one token a line"};
  }
  text.resize(size_bytes);
  return text;
}

Status FillParsed(const FilterOptions& options, EventFilter& filter) {
  for (const std::string& kind : options.kinds) {
    TRY_ASSIGN(std::string checked, CheckKindPattern(kind));
    filter.kinds.push_back(std::move(checked));
  }
  for (const std::string& name : options.outcomes) {
    const auto outcome = ParseEventOutcome(name);
    if (!outcome) {
      return Error{ErrorCode::kInvalidArgument,
                   "--outcome \"" + name + "\" is none",
                   "use success, failure or unknown"};
    }
    filter.outcomes.push_back(*outcome);
  }
  for (const std::string& text : options.ips) {
    TRY_ASSIGN(const IpRange range, IpRange::Parse(text));
    filter.ips.push_back(range);
  }
  for (const std::string& text : options.matches) {
    TRY_ASSIGN(MemberMatch match, MemberMatch::Parse(text));
    filter.members.push_back(std::move(match));
  }
  if (!options.record.empty()) {
    TRY_ASSIGN(filter.records, ParseRecordRange(options.record));
  }
  return Ok();
}

// An empty value, as of an unset shell variable, must not drop a filter.
std::string CheckNotEmpty(const std::string& value) {
  return value.empty() ? "an empty value" : "";
}

}  // namespace

Status AddTokenFile(const std::string& path, const Context& context,
                    std::vector<std::string>& tokens) {
  TRY_ASSIGN(const std::string text, ReadTokenText(path, context));
  const std::size_t tokens_before = tokens.size();
  constexpr std::string_view kSpace = " \t\r\n";
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t first = line.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
      continue;
    }
    line = line.substr(first, line.find_last_not_of(kSpace) - first + 1);
    tokens.push_back(TokenFingerprint(line));
  }
  if (tokens.size() == tokens_before) {
    return Error{ErrorCode::kInvalidArgument, path + " holds no token",
                 "a token file holds one token a line"};
  }
  return Ok();
}

Status CheckNoTokens(const std::string& option,
                     const std::vector<std::string>& values) {
  Scrubber scrubber;
  std::string scrubbed;
  for (const std::string& value : values) {
    if (scrubber.ScrubText(value, scrubbed) > 0) {
      return Error{ErrorCode::kInvalidArgument,
                   "the value of " + option + " looks like a token itself",
                   "put it into a file and use " + option +
                       "-file, which looks for "
                       "its fingerprint; it is in your shell's history now"};
    }
  }
  return Ok();
}

void AddFilterOptions(CLI::App& command, FilterOptions& options) {
  const char* group = "Filters";
  command
      .add_option("--since", options.since,
                  "From this time on: a date, RFC 3339, 2026-W09, or -7d")
      ->check(CheckNotEmpty)
      ->group(group);
  command.add_option("--until", options.until, "Before this time")
      ->check(CheckNotEmpty)
      ->group(group);
  command
      .add_flag("--local", options.local,
                "Times without a zone are local; without it UTC")
      ->group(group);
  for (const ListOption& option : kListOptions) {
    // One value an occurrence: what follows is not swallowed.
    command.add_option(option.name, options.*(option.values), option.help)
        ->expected(1)
        ->allow_extra_args(false)  // "[a,b]" is one value
        ->check(CheckNotEmpty)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(group);
  }
  command
      .add_option("--token-file", options.token_file,
                  "File with one token a line, or -; finds their whole life")
      ->check(CheckNotEmpty)
      ->group(group);
  command
      .add_option("--record", options.record,
                  "One record number, or FIRST..END (END left out)")
      ->check(CheckNotEmpty)
      ->group(group);
}

Result<EventFilter> MakeFilter(const FilterOptions& options, Context& context) {
  EventFilter filter;
  const TimeZone zone = options.local ? TimeZone::kLocal : TimeZone::kUtc;
  const UnixNanos now = context.clock.Now();
  if (!options.since.empty()) {
    TRY_ASSIGN(filter.since, ParseTimeBound(options.since, now, zone));
  }
  if (!options.until.empty()) {
    TRY_ASSIGN(filter.until,
               ParseTimeBound(options.until, now, zone, TimeEdge::kEnd));
  }
  if (filter.since && filter.until &&
      filter.until->value <= filter.since->value) {
    PrintWarning(context, "--until is not after --since: nothing lies between");
  }
  TRY(FillParsed(options, filter));
  TRY(CheckNoTokens("--token", options.tokens));
  filter.clients = options.clients;
  filter.users = options.users;
  filter.scopes = options.scopes;
  filter.grants = options.grants;
  filter.tokens = options.tokens;
  filter.sessions = options.sessions;
  filter.providers = options.providers;
  filter.request_ids = options.request_ids;
  filter.tenants = options.tenants;
  if (!options.token_file.empty()) {
    TRY(AddTokenFile(options.token_file, context, filter.tokens));
  }
  return filter;
}

std::vector<std::string> DescribeFilter(const FilterOptions& options) {
  std::vector<std::string> words;
  const auto add = [&words](const std::string& name, const std::string& value) {
    if (!value.empty()) {
      words.push_back(name + " " + value);
    }
  };
  add("--since", options.since);
  add("--until", options.until);
  if (options.local) {
    words.emplace_back("--local");
  }
  for (const ListOption& option : kListOptions) {
    for (const std::string& value : options.*(option.values)) {
      add(option.name, value);
    }
  }
  add("--token-file", options.token_file);
  add("--record", options.record);
  return words;
}

}  // namespace authseal
