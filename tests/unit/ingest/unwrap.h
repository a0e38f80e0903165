// What was delivered, from what is stored, for tests where nothing is secret.
#ifndef AUTHSEAL_TESTS_UNIT_INGEST_UNWRAP_H_
#define AUTHSEAL_TESTS_UNIT_INGEST_UNWRAP_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/json/document.h"

namespace authseal {

struct Unwrapped {
  std::string bytes;
  bool ends_line = true;  // false: a part that is not the last
};

inline std::string TextOf(const JsonValue& wrapped) {
  std::string scratch;
  if (const auto text = wrapped.Member("text")) {
    return std::string(text->Unescape(scratch));
  }
  const auto base64 = wrapped.Member("base64");
  EXPECT_TRUE(base64.has_value());
  const auto bytes = Base64Decode(base64->Unescape(scratch));
  EXPECT_TRUE(bytes.has_value());
  return std::string(AsText(*bytes));
}

inline Unwrapped Unwrap(std::string_view record) {
  JsonDocument document;
  EXPECT_EQ(document.Parse(record), JsonFault::kNone) << record.substr(0, 200);
  if (!record.starts_with("{\"authseal\":")) {
    return {std::string(record)};
  }
  const JsonValue ours = *document.root().Member("authseal");
  if (const auto prefix = ours.Member("prefix")) {
    std::string scratch;
    const std::string text(prefix->Unescape(scratch));
    // White space behind the object stays in front of the closing braces.
    const std::string_view line = ours.Member("line")->raw();
    const std::size_t begin =
        static_cast<std::size_t>(line.data() - record.data());
    return {text +
            std::string(record.substr(begin, record.size() - 2 - begin))};
  }
  if (const auto unparsed = ours.Member("unparsed")) {
    return {TextOf(*unparsed)};
  }
  const auto part = ours.Member("part");
  EXPECT_TRUE(part.has_value()) << record.substr(0, 200);
  return {TextOf(*part), part->Member("last")->type() == JsonType::kTrue};
}

// The lines that `records` came from.
inline std::vector<std::string> UnwrapAll(
    const std::vector<std::string>& records) {
  std::vector<std::string> lines;
  bool joins = false;
  for (const std::string& record : records) {
    Unwrapped one = Unwrap(record);
    if (joins) {
      lines.back() += one.bytes;
    } else {
      lines.push_back(std::move(one.bytes));
    }
    joins = !one.ends_line;
  }
  return lines;
}

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_INGEST_UNWRAP_H_
