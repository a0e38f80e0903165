// Turns answers into text, one row each; see authseal-query(1), OUTPUT.
// Rows are made in the workers, so a writer has no state between rows.
#ifndef AUTHSEAL_QUERY_ROW_WRITER_H_
#define AUTHSEAL_QUERY_ROW_WRITER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/query/record_matcher.h"
#include "lib/query/row_field.h"

namespace authseal {

// One a thread.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  // What stands before the first row and behind the last.
  virtual std::string Begin() const { return {}; }
  virtual std::string End() const { return {}; }
  // Between two rows.
  virtual std::string_view Separator() const { return {}; }
  // One row for each matching event, or one for the record where rows are
  // records; `end_row` is called after each.
  virtual void Append(const MatchedRecord& record, std::string& out,
                      const std::function<void(const Event*)>& end_row) = 0;
  // Whether events must be mapped.
  virtual bool needs_events() const = 0;
};

enum class RowFormat {
  kTable,
  kJsonLines,
  kRaw,
  kEvents,
  kCsv,
  kJson
};

struct RowOptions {
  RowFormat format = RowFormat::kJsonLines;
  // Columns of kTable and kCsv, members of kEvents and kJson; empty: the
  // format's own choice.
  std::vector<const RowField*> fields;
  unsigned columns = 80;  // of the terminal
};

std::unique_ptr<RowWriter> MakeRowWriter(const RowOptions& options);

// RFC 4180, and harmless in a spreadsheet: a value that a program could take
// for a formula gets a leading apostrophe; plain numbers do not.
void AppendCsvValue(std::string_view raw_value, std::string& out);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_ROW_WRITER_H_
