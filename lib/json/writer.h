// Writes JSON text, one value after another, into a string.
//
//   JsonWriter out;
//   out.BeginObject().Name("size").Number(3).Name("root").String(hex).End();
//   out.Take()  ->  {"size":3,"root":"…"}
//
// Strings may hold any bytes: control characters, DEL, U+2028/2029 are written
// as escapes, invalid UTF-8 as U+FFFD (callers that must keep bytes use
// base64). No white space.
#ifndef AUTHSEAL_JSON_WRITER_H_
#define AUTHSEAL_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace authseal {

class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& BeginArray();
  JsonWriter& End();  // closes the innermost object or array
  JsonWriter& Name(std::string_view name);
  JsonWriter& String(std::string_view text);
  JsonWriter& Number(std::uint64_t number);
  JsonWriter& Signed(std::int64_t number);
  JsonWriter& Real(double number);  // finite, shortest round-trip form
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Raw(std::string_view json);  // already one valid JSON value

  const std::string& text() const { return text_; }
  std::string Take();

 private:
  void Separate();
  std::string text_;
  std::string closers_;         // innermost last
  std::vector<bool> has_item_;  // by depth
  bool after_name_ = false;
};

// Appends `text` as the inside of a JSON string (no quotes).
void AppendJsonEscaped(std::string_view text, std::string& out);

}  // namespace authseal

#endif  // AUTHSEAL_JSON_WRITER_H_
