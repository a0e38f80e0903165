#include "lib/ingest/omprog.h"

#include <string>

namespace authseal {
namespace {

// omprog gives up after 10 s (confirmTimeout) without a sign.
constexpr std::chrono::seconds kSignEvery{2};

}  // namespace

OmprogAcknowledger::OmprogAcknowledger(WriteFunction write, NowFunction now)
    : write_(std::move(write)), now_(std::move(now)), last_write_(now_()) {}

Status OmprogAcknowledger::Ready() {
  const std::lock_guard lock(mutex_);
  return Write("OK\n");
}

Status OmprogAcknowledger::Committed(const IngestResult& so_far) {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (; confirmed_line_count_ < so_far.counts.line_count;
       ++confirmed_line_count_) {
    text += "OK\n";
  }
  return text.empty() ? Ok() : Write(text);
}

// A dot where nobody waits for an answer would only fill the pipe.
Status OmprogAcknowledger::Waiting(std::uint64_t read_line_count) {
  const std::lock_guard lock(mutex_);
  const bool awaited = read_line_count > confirmed_line_count_;
  return awaited && now_() - last_write_ >= kSignEvery ? Write(".") : Ok();
}

Status OmprogAcknowledger::Write(std::string_view text) {
  last_write_ = now_();
  return write_(text);
}

}  // namespace authseal
