// What query and export share besides filters: the pin, threads, mappings.
#ifndef AUTHSEAL_CMD_READING_OPTIONS_H_
#define AUTHSEAL_CMD_READING_OPTIONS_H_

#include <string>
#include <vector>

#include "cmd/context.h"
#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/event/mapper.h"
#include "lib/verify/finding.h"
#include "lib/verify/report.h"

namespace CLI {
class App;
}

namespace authseal {

struct ReadingOptions {
  std::string archive;
  std::string key;
  std::string keys;
  std::vector<std::string> mappings;
  unsigned jobs = 0;  // 0: one a core
};

void AddReadingOptions(CLI::App& command, ReadingOptions& options);

// An archive opened for reading, and what it is checked against.
struct Reading {
  ArchiveReader archive;
  Pin pin;
  // What verify accepted last of this archive, if it is the pinned one.
  std::vector<KnownCheckpoint> known;
  EventMapper mapper;
  unsigned threads = 1;
};
// Says on stderr when the pin was taken on first use.
Result<Reading> OpenReading(const ReadingOptions& options, Context& context);

// Adds to what is known. One that the pinned log did not sign proves nothing,
// and whoever gave it has to know: kInvalidArgument.
Status AddKeptCheckpoints(const std::vector<std::string>& paths,
                          const std::string& archive_path, Context& context,
                          Reading& reading);

// The user's own mapping files.
Result<std::vector<MappingSource>> LoadMappings(
    const std::vector<std::string>& paths, Context& context);

// A note for each epoch that the identity key closed.
void SayReopened(const std::vector<ReopenedEpoch>& reopened, Context& context);

// Each as one line on stderr.
void PrintFindings(const std::vector<Finding>& findings, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_READING_OPTIONS_H_
