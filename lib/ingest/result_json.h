// The result of a run as one JSON object, schema authseal/ingest@1.
#ifndef AUTHSEAL_INGEST_RESULT_JSON_H_
#define AUTHSEAL_INGEST_RESULT_JSON_H_

#include <string>

#include "lib/ingest/ingest.h"

namespace authseal {

// Without line end.
std::string FormatIngestJson(const IngestResult& result);

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_RESULT_JSON_H_
