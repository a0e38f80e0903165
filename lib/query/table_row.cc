#include "lib/query/table_row.h"

#include <algorithm>

#include "lib/base/escape.h"
#include "lib/base/utf8.h"

namespace authseal {

namespace {

constexpr std::size_t kGap = 1;  // columns between two columns
constexpr std::size_t kFlexibleWidthMin = 8;
constexpr std::size_t kSecondsWidth = 19;              // a time to the second
constexpr std::size_t kTimeWidth = kSecondsWidth + 1;  // and its mark
constexpr std::size_t kKindWidth = 16;                 // "token.introspect"
constexpr std::size_t kOutcomeWidth = 7;
constexpr std::size_t kIpWidth = 15;
// A whole IPv6 address, where there is room.
constexpr std::size_t kIpWidthOfWide = 39;
constexpr unsigned kWideColumns = 120;

// To what a column may shrink on a narrow terminal; the first shrink first.
struct NarrowWidth {
  std::string_view title;  // empty: those that share what the others leave
  std::size_t width;
};
constexpr NarrowWidth kNarrowWidths[] = {
    {"kind", 9}, {"ip", 9}, {"", 6}, {"outcome", 4}};

// 0: shares what the others leave.
std::size_t FixedWidth(std::string_view title) {
  if (title == "time") {
    return kTimeWidth;
  }
  if (title == "kind") {
    return kKindWidth;
  }
  if (title == "outcome") {
    return kOutcomeWidth;
  }
  if (title == "ip") {
    return kIpWidth;
  }
  return title == "record" ? 10 : 0;
}

void StripRight(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

}  // namespace

std::string FitToWidth(std::string_view text, std::size_t width) {
  const std::string escaped = EscapeForTerminal(text);
  const std::size_t full = DisplayWidth(escaped);
  if (full <= width) {
    return escaped + std::string(width - full, ' ');
  }
  if (width == 0) {
    return {};
  }
  std::string fitted;
  std::size_t used = 0;
  std::string_view rest = escaped;
  while (!rest.empty()) {
    const std::size_t size_bytes =
        DecodeUtf8(rest).value_or(CodePoint{}).size_bytes;
    const std::size_t step = DisplayWidth(rest.substr(0, size_bytes));
    if (used + step + 1 > width) {
      break;
    }
    fitted += rest.substr(0, size_bytes);
    used += step;
    rest.remove_prefix(size_bytes);
  }
  return fitted + "…" + std::string(width - used - 1, ' ');
}

TableLayout::TableLayout(const std::vector<const RowField*>& fields,
                         unsigned columns) {
  if (fields.empty()) {
    AddColumn("time", {"time"});
    AddColumn("kind", {"kind"});
    AddColumn("outcome", {"outcome"});
    AddColumn("user", {"user_name", "user"});
    AddColumn("client", {"client_name", "client"});
    AddColumn("ip", {"ip"});
  }
  for (const RowField* field : fields) {
    AddColumn(field->name, {field->name});
  }
  ShareWidth(columns);
}

void TableLayout::AddColumn(std::string_view title,
                            std::vector<std::string_view> field_names) {
  Column column;
  column.title = title;
  column.width = FixedWidth(title);
  for (const std::string_view name : field_names) {
    column.fields.push_back(FindRowField(name).value());
  }
  columns_.push_back(std::move(column));
}

void TableLayout::ShareWidth(unsigned columns) {
  std::size_t fixed = kGap * (columns_.size() - 1);
  std::size_t flexible = 0;
  for (Column& column : columns_) {
    if (column.title == "ip" && columns >= kWideColumns) {
      column.width = kIpWidthOfWide;
    }
    fixed += column.width;
    flexible += column.width == 0 ? 1 : 0;
  }
  for (Column& column : columns_) {
    if (column.width == 0) {
      const std::size_t left = columns > fixed ? columns - fixed : 0;
      column.width = std::max(kFlexibleWidthMin, left / flexible);
    }
  }
  Narrow(columns);
}

void TableLayout::Narrow(unsigned columns) {
  std::size_t total = kGap * (columns_.size() - 1);
  for (const Column& column : columns_) {
    total += column.width;
  }
  for (const NarrowWidth& narrow : kNarrowWidths) {
    for (Column& column : columns_) {
      const bool is_meant = narrow.title.empty() ? FixedWidth(column.title) == 0
                                                 : column.title == narrow.title;
      if (total > columns && is_meant && column.width > narrow.width) {
        const std::size_t cut =
            std::min(total - columns, column.width - narrow.width);
        column.width -= cut;
        total -= cut;
      }
    }
  }
}

std::string TableLayout::Header() const {
  std::string line;
  for (const Column& column : columns_) {
    line += line.empty() ? "" : std::string(kGap, ' ');
    line += FitToWidth(column.title, column.width);
  }
  StripRight(line);
  return line + "\n";
}

void TableLayout::AppendRow(const MatchedRecord& record, const Event& event,
                            std::string& out) const {
  std::string line;
  std::string value;
  for (const Column& column : columns_) {
    value.clear();
    for (const RowField* field : column.fields) {
      if (value.empty()) {
        field->append(record, event, value);
      }
    }
    if (column.title == "time") {
      value.resize(std::min(value.size(), kSecondsWidth));
      value += event.time ? "" : "~";  // the time of ingest stands in
    }
    line += line.empty() ? "" : std::string(kGap, ' ');
    line += FitToWidth(value, column.width);
  }
  StripRight(line);
  out += line;
  out += '\n';
}

}  // namespace authseal
