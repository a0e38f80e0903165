#include "lib/verify/ingest_notes.h"

#include "lib/base/time.h"

namespace authseal {
namespace {

constexpr std::int64_t kStepNanosMax = kNanosPerSecond;
// Beyond these, sources are not followed and restarts are only counted.
constexpr std::size_t kSourcesMax = 4096;
constexpr std::size_t kRestartsMax = 10;
// Standard input without a name of its own.
constexpr std::string_view kPipeName = "-";

// Saturating, because both times are whatever a header says.
bool IsBefore(UnixNanos time, UnixNanos other) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(other.value, time.value, &difference)) {
    return time < other;
  }
  return difference > kStepNanosMax;
}

}  // namespace

void IngestNotes::AddClock(const std::string& file, const BlockHeader& header) {
  const bool stepped = (last_ingest_.has_value() &&
                        IsBefore(header.ingest_first, *last_ingest_)) ||
                       IsBefore(header.ingest_last, header.ingest_first);
  if (stepped && steps_++ == 0) {
    first_step_ = {"clock-stepped", file,
                   "the clock of the ingesting host went back at record " +
                       std::to_string(header.first_record) + ", to " +
                       FormatRfc3339(header.ingest_first)};
  }
  last_ingest_ = header.ingest_last;
}

void IngestNotes::AddSource(const std::string& file,
                            const SourceRange& source) {
  if (source.name == kPipeName) {
    return;  // each pipe is counted from where reading it began
  }
  const auto found = sources_.find(source.name);
  if (found == sources_.end()) {
    if (sources_.size() < kSourcesMax) {
      sources_.emplace(source.name, Source{source.end_bytes, source.head_hash});
    }
    return;
  }
  Source& known = found->second;
  if (source.begin_bytes < known.end_bytes &&
      source.head_hash != known.head_hash) {
    if (restarts_.size() < kRestartsMax) {
      restarts_.push_back({"source-restarted", file,
                           "source " + source.name +
                               " began anew: it was read up to byte " +
                               std::to_string(known.end_bytes) +
                               " and other bytes stand there now"});
    }
    ++restarts_total_;
  }
  known = {source.end_bytes, source.head_hash};
}

void IngestNotes::Add(const std::string& file, const BlockHeader& header) {
  AddClock(file, header);
  for (const SourceRange& source : header.sources) {
    AddSource(file, source);
  }
}

void IngestNotes::Finish(std::vector<Note>& notes) const {
  if (steps_ > 0) {
    notes.push_back(first_step_);
    if (steps_ > 1) {
      notes.back().text +=
          ", and " + std::to_string(steps_ - 1) + " times more";
    }
  }
  notes.insert(notes.end(), restarts_.begin(), restarts_.end());
  if (restarts_total_ > restarts_.size()) {
    notes.push_back({"source-restarted", "",
                     std::to_string(restarts_total_ - restarts_.size()) +
                         " more sources began anew"});
  }
}

}  // namespace authseal
