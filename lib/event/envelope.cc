#include "lib/event/envelope.h"

#include <string_view>
#include <vector>

namespace authseal {
namespace {

// In this order; the first that holds something recognised is the one.
constexpr std::array<std::string_view, 22> kEnvelopes = {
    "/Records",               // CloudTrail files
    "/records",               // Azure Event Hub
    "/value",                 // Microsoft Graph
    "/items",                 // Google
    "/entries",               // Slack
    "/results",               // authentik
    "/_embedded/activities",  // PingOne
    "/detail",                // EventBridge
    "/event",                 // Splunk HEC
    "/_source",               // Elasticsearch
    "/jsonPayload",           // Cloud Logging
    "/data/events",           // Okta event hooks
    "/data",                  // Event Grid, CyberArk
    "/events",                // ZITADEL
    "/logEvents",             // CloudWatch subscriptions
    "/message",               // Beats, Logstash
    "/log",                   // Docker json-file, Fluent Bit
    "/textPayload",           // Cloud Logging
    "/MESSAGE",               // journald
    "/AuditData",             // Purview
    "/line",                  // promtail
    "/Properties/event",      // Serilog
};

}  // namespace

std::span<const std::string_view> EnvelopePointers() {
  return kEnvelopes;
}

std::size_t EnvelopeOpener::Open(JsonValue value, const std::string& path) {
  return OpenAt(value, 0, path);
}

// NOLINTNEXTLINE(misc-no-recursion): kEnvelopeDepthMax bounds it
std::size_t EnvelopeOpener::OpenAt(JsonValue value, std::size_t depth,
                                   const std::string& path) {
  const auto mapping = recogniser_.Find(value, first_, end_, values_);
  if (mapping && *mapping != weak_) {
    sink_(value, mapping, path);
    return 1;
  }
  std::size_t found = 0;
  if (depth < kEnvelopeDepthMax && value.is_object()) {
    const std::size_t end = end_;
    end_ = mapping ? weak_ : end_;
    found = OpenInside(value, depth, path);
    end_ = end;
  }
  if (found == 0 && mapping) {
    sink_(value, mapping, path);
    return 1;
  }
  return found;
}

// NOLINTNEXTLINE(misc-no-recursion): kEnvelopeDepthMax bounds it
std::size_t EnvelopeOpener::OpenInside(JsonValue value, std::size_t depth,
                                       const std::string& path) {
  std::array<std::optional<JsonValue>, kEnvelopes.size()> contents;
  recogniser_.TakeEnvelopes(value, values_, contents);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (!contents[i]) {
      continue;
    }
    const std::size_t found =
        OpenContent(*contents[i], depth, path + std::string(kEnvelopes[i]));
    if (found > 0) {
      return found;
    }
  }
  return 0;
}

// NOLINTNEXTLINE(misc-no-recursion): kEnvelopeDepthMax bounds it
std::size_t EnvelopeOpener::OpenContent(JsonValue content, std::size_t depth,
                                        const std::string& path) {
  if (content.is_array()) {
    return OpenArray(content, depth, path);
  }
  if (content.is_object()) {
    return OpenAt(content, depth + 1, path);
  }
  return content.is_string() ? OpenText(content, depth, path) : 0;
}

// NOLINTNEXTLINE(misc-no-recursion): kEnvelopeDepthMax bounds it
std::size_t EnvelopeOpener::OpenArray(JsonValue array, std::size_t depth,
                                      const std::string& path) {
  std::size_t found = 0;
  std::size_t index = 0;
  std::vector<std::size_t> unknown;
  for (auto item = array.FirstChild(); item; item = item->NextSibling()) {
    if (item->is_object()) {
      const std::size_t inside =
          OpenAt(*item, depth + 1, path + "/" + std::to_string(index));
      found += inside;
      if (inside == 0) {
        unknown.push_back(index);
      }
    }
    ++index;
  }
  if (found == 0 || unknown.empty()) {
    return found;
  }
  index = 0;
  std::size_t next = 0;
  for (auto item = array.FirstChild(); item && next < unknown.size();
       item = item->NextSibling()) {
    if (index == unknown[next]) {
      sink_(*item, std::nullopt, path + "/" + std::to_string(index));
      ++next;
    }
    ++index;
  }
  return found;
}

// NOLINTNEXTLINE(misc-no-recursion): kEnvelopeDepthMax bounds it
std::size_t EnvelopeOpener::OpenText(JsonValue text, std::size_t depth,
                                     const std::string& path) {
  Workspace::Level& level = workspace_.levels[depth];
  std::string_view json = text.Unescape(level.text);
  const std::size_t start = json.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) {
    return 0;
  }
  if (json[start] != '{') {
    // A line of text, or one with text before its object, as of syslog.
    const std::size_t found = OpenAt(text, depth + 1, path);
    const std::size_t brace = json.find('{');
    if (found > 0 || brace == std::string_view::npos) {
      return found;
    }
    json.remove_prefix(brace);
  }
  if (level.document.Parse(json) != JsonFault::kNone) {
    return 0;
  }
  // Of one string inside another: "json:/a:json:/b:/c".
  const std::size_t here = path.starts_with("json:") ? path.rfind(":/") + 1 : 0;
  return OpenAt(level.document.root(), depth + 1,
                path.substr(0, here) + "json:" + path.substr(here) + ":");
}

}  // namespace authseal
