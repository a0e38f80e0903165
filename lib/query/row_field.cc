#include "lib/query/row_field.h"

#include <algorithm>
#include <array>

#include "lib/base/time.h"

namespace authseal {

namespace {

template <std::string Event::*kMember>
void AppendMember(const MatchedRecord& /*record*/, const Event& event,
                  std::string& out) {
  out += event.*kMember;
}

template <std::string EventToken::*kMember>
void AppendToken(const MatchedRecord& /*record*/, const Event& event,
                 std::string& out) {
  out += event.token.*kMember;
}

void AppendRecord(const MatchedRecord& record, const Event& /*event*/,
                  std::string& out) {
  out += std::to_string(record.number);
}

void AppendTime(const MatchedRecord& record, const Event& event,
                std::string& out) {
  out += FormatRfc3339(event.time.value_or(record.ingest_time));
}

void AppendTimeSource(const MatchedRecord& /*record*/, const Event& event,
                      std::string& out) {
  out += event.time ? "event" : "ingest";
}

void AppendKind(const MatchedRecord& /*record*/, const Event& event,
                std::string& out) {
  out += EventKindName(event.kind);
}

void AppendOutcome(const MatchedRecord& /*record*/, const Event& event,
                   std::string& out) {
  out += EventOutcomeName(event.outcome);
}

void AppendScopes(const MatchedRecord& /*record*/, const Event& event,
                  std::string& out) {
  bool first = true;
  for (const std::string& scope : event.scopes) {
    out += first ? "" : " ";
    out += scope;
    first = false;
  }
}

constexpr std::array<RowField, 26> kFields = {{
    {"record", AppendRecord},
    {"time", AppendTime},
    {"time_source", AppendTimeSource},
    {"time_text", AppendMember<&Event::time_text>},
    {"provider", AppendMember<&Event::provider>},
    {"kind", AppendKind},
    {"raw_kind", AppendMember<&Event::raw_kind>},
    {"outcome", AppendOutcome},
    {"error", AppendMember<&Event::error>},
    {"client", AppendMember<&Event::client>},
    {"client_name", AppendMember<&Event::client_name>},
    {"user", AppendMember<&Event::user>},
    {"user_name", AppendMember<&Event::user_name>},
    {"session", AppendMember<&Event::session>},
    {"ip", AppendMember<&Event::ip>},
    {"user_agent", AppendMember<&Event::user_agent>},
    {"grant", AppendMember<&Event::grant>},
    {"scopes", AppendScopes},
    {"token_id", AppendToken<&EventToken::id>},
    {"token_fingerprint", AppendToken<&EventToken::fingerprint>},
    {"token_type", AppendToken<&EventToken::type>},
    {"token_family", AppendToken<&EventToken::family>},
    {"audience", AppendMember<&Event::audience>},
    {"request_id", AppendMember<&Event::request_id>},
    {"event_id", AppendMember<&Event::event_id>},
    {"tenant", AppendMember<&Event::tenant>},
}};

}  // namespace

std::span<const RowField> RowFields() {
  return kFields;
}

Result<const RowField*> FindRowField(std::string_view name) {
  const auto* found =
      std::find_if(kFields.begin(), kFields.end(),
                   [name](const RowField& f) { return f.name == name; });
  if (found != kFields.end()) {
    return found;
  }
  std::string names;
  for (const RowField& field : kFields) {
    names += names.empty() ? "" : " ";
    names += field.name;
  }
  return Error{ErrorCode::kInvalidArgument,
               "\"" + std::string(name) + "\" is no field of an event",
               "fields: " + names};
}

Result<std::vector<const RowField*>> ParseFieldList(std::string_view text) {
  std::vector<const RowField*> fields;
  while (true) {
    const std::size_t comma = text.find(',');
    TRY_ASSIGN(const RowField* field, FindRowField(text.substr(0, comma)));
    if (std::find(fields.begin(), fields.end(), field) != fields.end()) {
      return Error{
          ErrorCode::kInvalidArgument,
          "field \"" + std::string(text.substr(0, comma)) + "\" is named twice",
          "name each field once"};
    }
    fields.push_back(field);
    if (comma == std::string_view::npos) {
      return fields;
    }
    text.remove_prefix(comma + 1);
  }
}

}  // namespace authseal
