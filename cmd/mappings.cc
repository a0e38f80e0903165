// authseal mappings: the mappings there are, and what one makes of a sample.
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/reading_options.h"
#include "lib/base/escape.h"
#include "lib/event/mapper.h"
#include "lib/json/writer.h"
#include "lib/query/row_field.h"

namespace authseal {

namespace {

constexpr std::size_t kSampleSizeBytesMax = 64 << 20;
constexpr std::size_t kReadSizeBytes = 1 << 16;

struct MappingsOptions {
  std::string test_file;
  bool json = false;
};

Result<std::string> ReadSample(const Context& context) {
  std::string text;
  std::array<char, kReadSizeBytes> buffer = {};
  for (;;) {
    const ssize_t got = ::read(context.input_fd, buffer.data(), buffer.size());
    if (got == 0) {
      return text;
    }
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return Error{ErrorCode::kIo, std::string("cannot read the sample: ") +
                                       std::strerror(errno)};
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > kSampleSizeBytesMax) {
      return Error{ErrorCode::kInvalidArgument, "the sample is too large",
                   "some hundred lines are enough: head -n 100"};
    }
  }
}

Result<ExitStatus> RunList(const MappingsOptions& options, Context& context) {
  TRY_ASSIGN(const EventMapper mapper, EventMapper::Create({}));
  if (!options.json) {
    for (const std::string& name : mapper.provider_names()) {
      context.out << name << '\n';
    }
    return ExitStatus::kDone;
  }
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/mappings@1");
  out.Name("providers").BeginArray();
  for (const std::string& name : mapper.provider_names()) {
    out.String(name);
  }
  out.End().End();
  context.out << out.text() << '\n';
  return ExitStatus::kDone;
}

struct EventFields {
  std::vector<std::pair<std::string_view, std::string>> found;
  std::vector<std::string_view> missed;
};

EventFields FieldsOf(const Event& event) {
  const Hash no_leaf;
  const std::vector<Event> events = {event};
  const MatchedRecord record{.number = 0,
                             .bytes = {},
                             .mark = std::nullopt,
                             .leaf = no_leaf,
                             .ingest_time = UnixNanos{},
                             .events = events};
  EventFields fields;
  for (const RowField& field : RowFields()) {
    if (field.name == "record" || field.name == "time_source" ||
        field.name == "provider") {
      continue;
    }
    std::string value;
    if (field.name != "time" || event.time) {
      field.append(record, event, value);
    }
    if (value.empty()) {
      fields.missed.push_back(field.name);
    } else {
      fields.found.emplace_back(field.name, std::move(value));
    }
  }
  return fields;
}

// The fields of one event that have a value, and the names of those that
// have none.
void PrintEvent(const Event& event, std::size_t line, Context& context) {
  const EventFields fields = FieldsOf(event);
  context.out << "line " << line << "  " << EscapeForTerminal(event.provider)
              << '\n';
  for (const auto& [name, value] : fields.found) {
    context.out << "  " << name << ": " << EscapeForTerminal(value) << '\n';
  }
  context.out << "  missed:";
  for (const std::string_view name : fields.missed) {
    context.out << ' ' << name;
  }
  context.out << '\n';
}

// One object a line, so that a sample of any length streams.
void PrintEventJson(const Event& event, std::size_t line, Context& context) {
  const EventFields fields = FieldsOf(event);
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/mappings@1");
  out.Name("line").Number(std::uint64_t{line});
  out.Name("provider").String(event.provider);
  out.Name("event").BeginObject();
  for (const auto& [name, value] : fields.found) {
    out.Name(name).String(value);
  }
  out.End().Name("missed").BeginArray();
  for (const std::string_view name : fields.missed) {
    out.String(name);
  }
  out.End().End();
  context.out << out.text() << '\n';
}

Result<ExitStatus> RunTest(const MappingsOptions& options, Context& context) {
  TRY_ASSIGN(const std::vector<MappingSource> sources,
             LoadMappings({options.test_file}, context));
  TRY_ASSIGN(const EventMapper mapper, EventMapper::Create(sources));
  TRY_ASSIGN(const std::string sample, ReadSample(context));
  EventMapper::Scratch scratch;
  std::vector<Event> events;
  std::string_view rest = sample;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view record = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (record.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    mapper.Map(record, {}, scratch, events);
    for (const Event& event : events) {
      options.json ? PrintEventJson(event, line, context)
                   : PrintEvent(event, line, context);
    }
  }
  return ExitStatus::kDone;
}

}  // namespace

void RegisterMappings(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<MappingsOptions>();
  CLI::App* command = app.add_subcommand(
      "mappings", "List the mappings from records to events, or test one");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    if (chosen.run == nullptr) {
      chosen = {"mappings", options->json,
                [options, &context] { return RunList(*options, context); }};
    }
  });
  CLI::App* test = command->add_subcommand(
      "test", "Show what a mapping file makes of each line of standard input");
  test->add_option("file", options->test_file, "Mapping file")->required();
  test->add_flag("--json", options->json, "Print an object for each event");
  test->callback([options, &context, &chosen] {
    chosen = {"mappings", options->json,
              [options, &context] { return RunTest(*options, context); }};
  });
}

}  // namespace authseal
