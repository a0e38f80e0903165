#include "lib/query/column_question.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace authseal {
namespace {

// Sets what the field `name` needs; false when columns do not have it.
bool AddField(std::string_view name, ColumnChoice& choice) {
  constexpr std::array<std::string_view, 3> kActs = {"provider", "kind",
                                                     "outcome"};
  constexpr std::array<std::string_view, 4> kDetails = {"raw_kind", "error",
                                                        "grant", "tenant"};
  constexpr std::array<std::string_view, 2> kClients = {"client",
                                                        "client_name"};
  const auto is_one_of = [name](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (is_one_of(kActs)) {
    choice.acts = true;
  } else if (is_one_of(kDetails)) {
    choice.acts = choice.details = true;
  } else if (is_one_of(kClients)) {
    choice.clients = true;
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool IsOfColumns(const EventFilter& filter) {
  return filter.records == RecordRange{0, ~std::uint64_t{0}} &&
         filter.users.empty() && filter.ips.empty() && filter.scopes.empty() &&
         filter.tokens.empty() && filter.sessions.empty() &&
         filter.request_ids.empty() && filter.members.empty();
}

FilterParts SplitFilter(const EventFilter& filter) {
  FilterParts parts;
  parts.acts.kinds = filter.kinds;
  parts.acts.outcomes = filter.outcomes;
  parts.acts.providers = filter.providers;
  parts.details.grants = filter.grants;
  parts.details.tenants = filter.tenants;
  parts.clients.clients = filter.clients;
  return parts;
}

std::optional<GroupFields> GroupFieldsOf(
    const std::vector<const RowField*>& by) {
  GroupFields groups{.choice = {}, .by = by};
  for (const RowField* field : by) {
    if (!AddField(field->name, groups.choice)) {
      return std::nullopt;
    }
  }
  return groups;
}

}  // namespace authseal
