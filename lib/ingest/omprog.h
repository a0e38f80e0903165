// The confirmation protocol of rsyslog's omprog (confirmMessages="on"): "OK"
// once at the start, then one "OK" for each line, after it is durable; dots
// meanwhile, so that a long seal is not taken for a death.
#ifndef AUTHSEAL_INGEST_OMPROG_H_
#define AUTHSEAL_INGEST_OMPROG_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

#include "lib/base/result.h"
#include "lib/ingest/ingest.h"

namespace authseal {

class OmprogAcknowledger : public IngestObserver {
 public:
  // Writes all of its text to rsyslog at once.
  using WriteFunction = std::function<Status(std::string_view)>;
  using SteadyTime = std::chrono::steady_clock::time_point;
  using NowFunction = std::function<SteadyTime()>;

  OmprogAcknowledger(WriteFunction write, NowFunction now);

  // Ready for the first line: after lock and recovery.
  Status Ready();

  Status Committed(const IngestResult& so_far) override;
  Status Waiting(std::uint64_t read_line_count) override;

 private:
  Status Write(std::string_view text);

  std::mutex mutex_;
  WriteFunction write_;
  NowFunction now_;
  SteadyTime last_write_;
  std::uint64_t confirmed_line_count_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_OMPROG_H_
