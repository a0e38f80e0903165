// Rows of a table that fits a terminal.
#ifndef AUTHSEAL_QUERY_TABLE_ROW_H_
#define AUTHSEAL_QUERY_TABLE_ROW_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/query/row_field.h"

namespace authseal {

class TableLayout {
 public:
  // No fields: time, kind, outcome, user, client, ip. Widths are fixed from
  // the terminal's `columns`, because rows are printed as they are found.
  TableLayout(const std::vector<const RowField*>& fields, unsigned columns);

  std::string Header() const;
  void AppendRow(const MatchedRecord& record, const Event& event,
                 std::string& out) const;

 private:
  struct Column {
    std::string title;
    // The first of them that has a value: a name before an id.
    std::vector<const RowField*> fields;
    std::size_t width = 0;  // terminal columns
  };
  void AddColumn(std::string_view title,
                 std::vector<std::string_view> field_names);
  void ShareWidth(unsigned columns);
  void Narrow(unsigned columns);

  std::vector<Column> columns_;
};

// `text` escaped, and cut or padded to exactly `width` columns; a cut shows as
// "…".
std::string FitToWidth(std::string_view text, std::size_t width);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TABLE_ROW_H_
