// The rules of output, in one place: results to stdout, messages to stderr as
// "authseal: <kind>: …", lower case, no full stop; whatever came from a log or
// a file name is escaped before a person sees it.
#ifndef AUTHSEAL_CMD_OUTPUT_H_
#define AUTHSEAL_CMD_OUTPUT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "cmd/context.h"
#include "cmd/exit_status.h"
#include "lib/base/result.h"

namespace authseal {

// Both escape `text`.
void PrintNote(const Context& context, std::string_view text);
void PrintWarning(const Context& context, std::string_view text);
// Message and hint to stderr; with `json` the object of schema
// authseal/error@1 to stdout too.
void PrintError(const Context& context, const Error& error, ExitStatus status,
                bool json);

// "18 203 114": digits in groups of three, for people only.
std::string GroupDigits(std::uint64_t number);
// "1.2 GiB", for people only.
std::string HumanSize(std::uint64_t size_bytes);

// A line on a terminal that is drawn over: "verify  45 %  1.2 GiB/s  0:12".
// Draws at most ten times a second; nothing when stderr is no terminal.
class ProgressLine {
 public:
  ProgressLine(Context& context, std::string label);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // `total_bytes` 0: unknown, so no share and no time to go.
  void Update(std::uint64_t done_bytes, std::uint64_t total_bytes);
  void Clear();

 private:
  Context& context_;
  std::string label_;
  UnixNanos begin_;
  UnixNanos last_drawn_;
  bool drawn_ = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_CMD_OUTPUT_H_
