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
#include "cmd/mapping_trial.h"
#include "cmd/output.h"
#include "cmd/reading_options.h"
#include "lib/event/mapper.h"
#include "lib/json/writer.h"

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

Result<ExitStatus> RunTest(const MappingsOptions& options, Context& context) {
  TRY_ASSIGN(const std::vector<MappingSource> sources,
             LoadMappings({options.test_file}, context));
  TRY_ASSIGN(const EventMapper mapper, EventMapper::Create(sources));
  TRY_ASSIGN(const std::string sample, ReadSample(context));
  TryMapping({.mapper = mapper,
              .provider = mapper.provider_names().front(),
              .json = options.json},
             sample, context);
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
