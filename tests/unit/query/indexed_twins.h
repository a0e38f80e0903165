// Archives of the same records with indexes and without, and what may be asked
// of them.
#ifndef AUTHSEAL_TESTS_UNIT_QUERY_INDEXED_TWINS_H_
#define AUTHSEAL_TESTS_UNIT_QUERY_INDEXED_TWINS_H_

#include <string>
#include <vector>

#include "tests/unit/index/indexed_archive.h"
#include "tests/unit/query/query_archive.h"

namespace authseal {

const EventMapper& BuiltInMapper();

// The same records in two archives, one of them without indexes.
struct Twins {
  Twins();
  IndexedArchive indexed;
  IndexedArchive plain;

 private:
  PlainIndexer no_index_{0};
};
// Of the samples.
const Twins& SampleTwins();

// As records.
QueriedRows Ask(const ArchiveFiles& files, const Pin& pin,
                const EventFilter& filter, bool with_control = false);
QueriedRows AskIndexed(const EventFilter& filter);
QueriedRows AskPlain(const EventFilter& filter);

// Every value that the samples have, by field.
struct Values {
  std::vector<std::string> tokens, sessions, requests, users, clients, ips,
      providers;
  std::vector<UnixNanos> times;
};
Values SampleValues();

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_QUERY_INDEXED_TWINS_H_
