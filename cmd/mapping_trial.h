// What a mapping makes of a sample, read as ingest and query would read it:
// split into lines, arrays and objects taken apart, prefixes taken off,
// secrets replaced.
#ifndef AUTHSEAL_CMD_MAPPING_TRIAL_H_
#define AUTHSEAL_CMD_MAPPING_TRIAL_H_

#include <string>

#include "cmd/context.h"
#include "lib/event/mapper.h"

namespace authseal {

struct MappingTrial {
  const EventMapper& mapper;
  std::string provider;  // the mapping on trial
  bool json = false;
};

// Prints each event of `sample`, then a summary.
void TryMapping(const MappingTrial& trial, const std::string& sample,
                Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_MAPPING_TRIAL_H_
