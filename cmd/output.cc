#include "cmd/output.h"

#include <array>
#include <cstdio>

#include "lib/base/escape.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

constexpr std::int64_t kRedrawNanos = kNanosPerSecond / 10;

std::string OneDecimal(double value) {
  std::array<char, 32> text = {};
  const int length = std::snprintf(text.data(), text.size(), "%.1f", value);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string MinutesSeconds(std::uint64_t seconds) {
  std::array<char, 32> text = {};
  const int length =
      std::snprintf(text.data(), text.size(), "%llu:%02llu",
                    static_cast<unsigned long long>(seconds / 60),
                    static_cast<unsigned long long>(seconds % 60));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

void PrintNote(const Context& context, std::string_view text) {
  context.err << "authseal: note: " << EscapeForTerminal(text) << '\n';
}

void PrintWarning(const Context& context, std::string_view text) {
  context.err << "authseal: warning: " << EscapeForTerminal(text) << '\n';
}

void PrintError(const Context& context, const Error& error, ExitStatus status,
                bool json) {
  context.err << "authseal: error: " << EscapeForTerminal(error.message)
              << '\n';
  if (!error.hint.empty()) {
    context.err << "authseal: hint: " << EscapeForTerminal(error.hint) << '\n';
  }
  context.err.flush();
  if (json) {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/error@1");
    out.Name("code").String(ErrorCodeName(error.code));
    out.Name("exit").Number(static_cast<std::uint64_t>(status));
    out.Name("message").String(error.message);
    out.Name("hint").String(error.hint).End();
    context.out << out.text() << '\n';
  }
}

std::string GroupDigits(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t end = text.size(); end > 3;) {
    end -= 3;
    text.insert(end, 1, ' ');
  }
  return text;
}

std::string HumanSize(std::uint64_t size_bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"B", "KiB", "MiB", "GiB",
                                                      "TiB"};
  if (size_bytes < 1024) {
    return std::to_string(size_bytes) + " B";
  }
  double value = static_cast<double>(size_bytes);
  std::size_t unit = 0;
  while (value >= 1024.0 && unit + 1 < kUnits.size()) {
    value /= 1024.0;
    ++unit;
  }
  return OneDecimal(value) + " " + std::string(kUnits[unit]);
}

ProgressLine::ProgressLine(Context& context, std::string label)
    : context_(context),
      label_(std::move(label)),
      begin_(context.clock.Now()),
      last_drawn_(begin_) {}

ProgressLine::~ProgressLine() {
  Clear();
}

void ProgressLine::Update(std::uint64_t done_bytes, std::uint64_t total_bytes) {
  if (!context_.err_is_terminal) {
    return;
  }
  const UnixNanos now = context_.clock.Now();
  if (now.value - last_drawn_.value < kRedrawNanos) {
    return;
  }
  last_drawn_ = now;
  const double seconds = static_cast<double>(now.value - begin_.value) /
                         static_cast<double>(kNanosPerSecond);
  const double rate = static_cast<double>(done_bytes) / seconds;
  std::string line = label_;
  if (total_bytes > 0) {
    line += "  " + std::to_string(done_bytes * 100 / total_bytes) + " %";
  }
  line += "  " + HumanSize(done_bytes) + "  " +
          HumanSize(static_cast<std::uint64_t>(rate)) + "/s";
  if (total_bytes > done_bytes && rate > 0) {
    line += "  " +
            MinutesSeconds(static_cast<std::uint64_t>(
                static_cast<double>(total_bytes - done_bytes) / rate)) +
            " to go";
  }
  context_.err << '\r' << line << "\x1b[K" << std::flush;
  drawn_ = true;
}

void ProgressLine::Clear() {
  if (drawn_) {
    context_.err << "\r\x1b[K" << std::flush;
    drawn_ = false;
  }
}

}  // namespace authseal
