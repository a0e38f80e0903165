// What headers tell about ingest that is worth knowing and no damage: a clock
// that went back, a source that began anew.
#ifndef AUTHSEAL_VERIFY_INGEST_NOTES_H_
#define AUTHSEAL_VERIFY_INGEST_NOTES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/verify/finding.h"

namespace authseal {

class IngestNotes {
 public:
  // In order of record numbers.
  void Add(const std::string& file, const BlockHeader& header);
  // "clock-stepped" at most once, "source-restarted" for the first few.
  void Finish(std::vector<Note>& notes) const;

 private:
  struct Source {
    std::uint64_t end_bytes = 0;
    Hash head_hash;
  };
  void AddClock(const std::string& file, const BlockHeader& header);
  void AddSource(const std::string& file, const SourceRange& source);

  std::optional<UnixNanos> last_ingest_;
  std::uint64_t steps_ = 0;
  Note first_step_;
  std::map<std::string, Source> sources_;
  std::vector<Note> restarts_;
  std::uint64_t restarts_total_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_INGEST_NOTES_H_
