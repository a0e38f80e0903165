#include "lib/query/row_writer.h"

#include <algorithm>

#include "lib/base/escape.h"
#include "lib/json/writer.h"
#include "lib/query/delivered.h"
#include "lib/query/table_row.h"

namespace authseal {

namespace {

using EndRow = std::function<void(const Event*)>;

// The record itself, or what was delivered for it.
class RecordRows : public RowWriter {
 public:
  explicit RecordRows(bool delivered) : delivered_(delivered) {}
  void Append(const MatchedRecord& record, std::string& out,
              const EndRow& end_row) override {
    if (delivered_) {
      AppendDelivered(record.bytes, record.mark, document_, out);
    } else {
      out += record.bytes;
      out += '\n';
    }
    end_row(record.events.empty() ? nullptr : &record.events.front());
  }
  bool needs_events() const override { return false; }

 private:
  bool delivered_;
  JsonDocument document_;
};

// Numbers and lists keep their type; everything else is a string.
void AppendEventObject(const MatchedRecord& record, const Event& event,
                       const std::vector<const RowField*>& fields,
                       JsonWriter& json) {
  json.BeginObject();
  std::string value;
  for (const RowField* field : fields) {
    value.clear();
    field->append(record, event, value);
    if (value.empty()) {
      continue;
    }
    json.Name(field->name);
    if (field->name == "record") {
      json.Number(record.number);
    } else if (field->name == "scopes") {
      json.BeginArray();
      for (const std::string& scope : event.scopes) {
        json.String(scope);
      }
      json.End();
    } else {
      json.String(value);
    }
  }
  json.End();
}

class EventRows : public RowWriter {
 public:
  EventRows(std::vector<const RowField*> fields, bool one_object)
      : fields_(std::move(fields)), one_object_(one_object) {
    if (fields_.empty()) {
      for (const RowField& field : RowFields()) {
        fields_.push_back(&field);
      }
    }
  }
  std::string Begin() const override {
    return one_object_ ? R"({"schema":"authseal/query@1","rows":[)" : "";
  }
  std::string End() const override { return one_object_ ? "]}\n" : ""; }
  std::string_view Separator() const override { return one_object_ ? "," : ""; }
  void Append(const MatchedRecord& record, std::string& out,
              const EndRow& end_row) override {
    for (const Event& event : record.events) {
      JsonWriter json;
      AppendEventObject(record, event, fields_, json);
      out += json.text();
      out += one_object_ ? "" : "\n";
      end_row(&event);
    }
  }
  bool needs_events() const override { return true; }

 private:
  std::vector<const RowField*> fields_;
  bool one_object_;
};

class CsvRows : public RowWriter {
 public:
  explicit CsvRows(std::vector<const RowField*> fields)
      : fields_(std::move(fields)) {
    if (fields_.empty()) {
      for (const RowField& field : RowFields()) {
        fields_.push_back(&field);
      }
    }
  }
  std::string Begin() const override {
    std::string header;
    for (const RowField* field : fields_) {
      header += header.empty() ? "" : ",";
      header += field->name;
    }
    return header + "\r\n";
  }
  void Append(const MatchedRecord& record, std::string& out,
              const EndRow& end_row) override {
    for (const Event& event : record.events) {
      bool first = true;
      for (const RowField* field : fields_) {
        out += first ? "" : ",";
        first = false;
        value_.clear();
        field->append(record, event, value_);
        AppendCsvValue(value_, out);
      }
      out += "\r\n";
      end_row(&event);
    }
  }
  bool needs_events() const override { return true; }

 private:
  std::vector<const RowField*> fields_;
  std::string value_;
};

class TableRows : public RowWriter {
 public:
  explicit TableRows(const RowOptions& options)
      : layout_(options.fields, options.columns) {}
  std::string Begin() const override { return layout_.Header(); }
  void Append(const MatchedRecord& record, std::string& out,
              const EndRow& end_row) override {
    for (const Event& event : record.events) {
      layout_.AppendRow(record, event, out);
      end_row(&event);
    }
  }
  bool needs_events() const override { return true; }

 private:
  TableLayout layout_;
};

bool IsPlainNumber(std::string_view value) {
  return IsJsonNumber(value);
}

// Importers drop spaces in front, and those for East Asia take wide signs too.
bool BeginsFormula(std::string_view value) {
  constexpr std::string_view kStarts = "=+-@\t\r\n";
  constexpr std::string_view kWideStarts[] = {"\xef\xbc\x9d", "\xef\xbc\x8b",
                                              "\xef\xbc\x8d", "\xef\xbc\xa0"};
  const std::size_t begin = value.find_first_not_of(' ');
  if (begin == std::string_view::npos) {
    return false;
  }
  const std::string_view text = value.substr(begin);
  return kStarts.find(text.front()) != std::string_view::npos ||
         std::any_of(
             std::begin(kWideStarts), std::end(kWideStarts),
             [&](std::string_view start) { return text.starts_with(start); });
}

}  // namespace

void AppendCsvValue(std::string_view raw_value, std::string& out) {
  // Line ends and tabs are CSV's own business and are quoted.
  const std::string value = EscapeExcept(raw_value, "\\\t\r\n");
  const bool formula = BeginsFormula(value) && !IsPlainNumber(value);
  const bool quoted =
      formula || value.find_first_of(",;\"\r\n") != std::string_view::npos;
  if (!quoted) {
    out += value;
    return;
  }
  out += '"';
  out += formula ? "'" : "";
  for (const char c : value) {
    out += c;
    if (c == '"') {
      out += '"';
    }
  }
  out += '"';
}

std::unique_ptr<RowWriter> MakeRowWriter(const RowOptions& options) {
  switch (options.format) {
    case RowFormat::kTable:
      return std::make_unique<TableRows>(options);
    case RowFormat::kJsonLines:
      return std::make_unique<RecordRows>(false);
    case RowFormat::kRaw:
      return std::make_unique<RecordRows>(true);
    case RowFormat::kEvents:
      return std::make_unique<EventRows>(options.fields, false);
    case RowFormat::kCsv:
      return std::make_unique<CsvRows>(options.fields);
    case RowFormat::kJson:
      return std::make_unique<EventRows>(options.fields, true);
  }
  return nullptr;
}

}  // namespace authseal
