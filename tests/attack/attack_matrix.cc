// attack_matrix: the attack matrix as a table. See scripts/attack.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "tests/attack/matrix_run.h"

namespace authseal {
namespace {

struct Arguments {
  MatrixOptions matrix = {.every = true, .readers_stride = 4};
  bool json = false;
  bool list = false;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  std::string only = "";  // classes whose name has this in it
  std::optional<std::uint64_t> number = std::nullopt;
};

constexpr std::string_view kUsage =
    "usage: scripts/attack [--quick] [--json] [--seed N] [--records N] "
    "[--proofs N]\n"
    "                      [--readers-stride N] [--jobs N] [--class TEXT "
    "[--attempt N]] [--list]\n";

std::optional<std::uint64_t> NumberOf(const char* text) {
  char* end = nullptr;
  const std::uint64_t value = std::strtoull(text, &end, 10);
  return end != text && *end == '\0' ? std::optional(value) : std::nullopt;
}

bool ParseValue(std::string_view name, const char* text, Arguments& arguments) {
  if (name == "--class") {
    arguments.only = text;
    return true;
  }
  const auto value = NumberOf(text);
  if (!value.has_value()) {
    return false;
  }
  if (name == "--seed") {
    arguments.matrix.seed = *value;
  } else if (name == "--records" && *value > 0) {
    arguments.matrix.records = *value;
  } else if (name == "--proofs") {
    arguments.matrix.proofs = *value;
  } else if (name == "--readers-stride" && *value > 0) {
    arguments.matrix.readers_stride = *value;
  } else if (name == "--jobs" && *value > 0 && *value <= 1024) {
    arguments.jobs = static_cast<unsigned>(*value);
  } else if (name == "--attempt") {
    arguments.number = *value;
  } else {
    return false;
  }
  return true;
}

std::optional<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--quick") {
      arguments.matrix.every = false;
    } else if (name == "--json") {
      arguments.json = true;
    } else if (name == "--list") {
      arguments.list = true;
    } else if (i + 1 < argc && ParseValue(name, argv[i + 1], arguments)) {
      ++i;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

void PrintRow(std::string_view name, const ClassCounts& counts) {
  std::printf(
      "| %-45.*s | %8llu | %8llu | %7llu | %10llu | %7llu | %13llu | "
      "%9llu | %10llu |\n",
      static_cast<int>(name.size()), name.data(),
      static_cast<unsigned long long>(counts.attempts),
      static_cast<unsigned long long>(counts.detected),
      static_cast<unsigned long long>(counts.allowed),
      static_cast<unsigned long long>(counts.undetected),
      static_cast<unsigned long long>(counts.crashes),
      static_cast<unsigned long long>(counts.wrong_finding),
      static_cast<unsigned long long>(counts.bad_query),
      static_cast<unsigned long long>(counts.bad_export));
  std::fflush(stdout);
}

void PrintHead() {
  std::printf(
      "| %-45s | attempts | detected | allowed | undetected | crashes "
      "| wrong finding | bad query | bad export |\n"
      "|:%s|---------:|---------:|--------:|-----------:|--------:|"
      "--------------:|----------:|-----------:|\n",
      "attack", std::string(46, '-').c_str());
}

void PrintJson(std::string_view name, const ClassCounts& counts, bool first) {
  std::printf(
      "%s\n  {\"class\":\"%.*s\",\"attempts\":%llu,\"detected\":%llu,"
      "\"allowed\":%llu,\"undetected\":%llu,\"crashes\":%llu,"
      "\"wrong_finding\":%llu,\"bad_query\":%llu,\"bad_export\":%llu}",
      first ? "" : ",", static_cast<int>(name.size()), name.data(),
      static_cast<unsigned long long>(counts.attempts),
      static_cast<unsigned long long>(counts.detected),
      static_cast<unsigned long long>(counts.allowed),
      static_cast<unsigned long long>(counts.undetected),
      static_cast<unsigned long long>(counts.crashes),
      static_cast<unsigned long long>(counts.wrong_finding),
      static_cast<unsigned long long>(counts.bad_query),
      static_cast<unsigned long long>(counts.bad_export));
  std::fflush(stdout);
}

void PrintFailures(const ClassResult& result, const Arguments& arguments) {
  for (const Failure& failure : result.failures) {
    std::fprintf(
        stderr,
        "FAULT in \"%s\", attempt %llu: %s\n  again: scripts/attack "
        "--seed %llu --records %llu --class '%s' --attempt %llu\n",
        result.name.c_str(), static_cast<unsigned long long>(failure.number),
        failure.text.c_str(),
        static_cast<unsigned long long>(arguments.matrix.seed),
        static_cast<unsigned long long>(arguments.matrix.records),
        result.name.c_str(), static_cast<unsigned long long>(failure.number));
  }
}

int Replay(const Arguments& arguments, const AttackClass& attacks) {
  if (*arguments.number >= attacks.count) {
    std::fprintf(stderr, "\"%s\" has %llu attempts\n", attacks.name.c_str(),
                 static_cast<unsigned long long>(attacks.count));
    return 2;
  }
  ClassCounts counts;
  const Judgement judgement = attacks.judge(*arguments.number, {});
  Count(judgement.outcome, counts);
  PrintHead();
  PrintRow(attacks.name, counts);
  std::printf("%s\n", judgement.text.c_str());
  return counts.faults() == 0 ? 0 : 1;
}

int RunAll(const Arguments& arguments,
           const std::vector<AttackClass>& classes) {
  const auto begin = std::chrono::steady_clock::now();
  ClassCounts total;
  bool first = true;
  if (arguments.json) {
    std::printf("{\"schema\":\"authseal/attack@1\",\"seed\":%llu,\"classes\":[",
                static_cast<unsigned long long>(arguments.matrix.seed));
  } else {
    std::printf("seed %llu, %s, %u processes\n\n",
                static_cast<unsigned long long>(arguments.matrix.seed),
                arguments.matrix.every ? "every attempt" : "a sample",
                arguments.jobs);
    PrintHead();
  }
  std::fflush(stdout);
  for (const AttackClass& attacks : classes) {
    const ClassResult result =
        RunApart(attacks, arguments.matrix, arguments.jobs);
    total.Add(result.counts);
    if (arguments.json) {
      PrintJson(result.name, result.counts, first);
    } else {
      PrintRow(result.name, result.counts);
    }
    first = false;
    PrintFailures(result, arguments);
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
                           std::chrono::steady_clock::now() - begin)
                           .count();
  if (arguments.json) {
    PrintJson("all", total, first);
    std::printf("\n],\"seconds\":%lld}\n", static_cast<long long>(seconds));
  } else {
    PrintRow("all", total);
    std::printf("\n%lld seconds\n", static_cast<long long>(seconds));
  }
  return total.faults() == 0 ? 0 : 1;
}

int Main(int argc, char** argv) {
  const auto arguments = Parse(argc, argv);
  if (!arguments.has_value()) {
    std::fputs(kUsage.data(), stderr);
    return 2;
  }
  std::vector<AttackClass> classes = AllAttacks(arguments->matrix);
  std::erase_if(classes, [&arguments](const AttackClass& attacks) {
    return attacks.name.find(arguments->only) == std::string::npos;
  });
  if (classes.empty()) {
    std::fprintf(stderr, "no class has \"%s\" in its name; see --list\n",
                 arguments->only.c_str());
    return 2;
  }
  if (arguments->list) {
    for (const AttackClass& attacks : classes) {
      std::printf("%8llu  %s\n", static_cast<unsigned long long>(attacks.count),
                  attacks.name.c_str());
    }
    return 0;
  }
  return arguments->number.has_value() ? Replay(*arguments, classes.front())
                                       : RunAll(*arguments, classes);
}

}  // namespace
}  // namespace authseal

int main(int argc, char** argv) {
  return authseal::Main(argc, argv);
}
