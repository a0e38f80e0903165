// Our walk against simdjson's own second stage, which is another program on
// the same index.
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "lib/json/document.h"

namespace authseal {
namespace {

class TextMaker {
 public:
  explicit TextMaker(std::uint32_t seed) : random_(seed) {}

  std::string Text() {
    std::string out;
    Value(0, out);
    return out;
  }

  // One to three small damages: a byte changed, inserted, removed, a part
  // doubled or cut off.
  std::string Damaged(std::string text) {
    static constexpr std::string_view kBytes =
        "{}[],:\"\\ \n\t0123456789-+.eEtrufalsn/b\x01\x1f\x7f\x80\xc3\xa9\xff";
    for (std::size_t n = 1 + Below(3); n > 0 && !text.empty(); --n) {
      const std::size_t at = Below(text.size());
      const char byte = kBytes[Below(kBytes.size())];
      switch (Below(5)) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        case 2:
          text.erase(at, 1);
          break;
        case 3:
          text.insert(at, text.substr(at, Below(8)));
          break;
        default:
          text.resize(at);
      }
    }
    return text;
  }

 private:
  std::size_t Below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }

  void Space(std::string& out) {
    if (Below(6) == 0) {
      out.push_back(" \t\n\r"[Below(4)]);
    }
  }

  void String(std::string& out) {
    static constexpr const char* kParts[] = {
        "a",
        "bc",
        "\\n",
        "\\\"",
        "\\\\",
        "\\u0041",
        "\\/",
        "\xc3\xa9",
        "{",
        "]",
        ",",
        " ",
        "\\ud83d\\ude00",
        "\\u00e9",
        "\xf0\x9f\x98\x80",
        "long text without anything in it, longer than a block of sixty-four",
    };
    out.push_back('"');
    for (std::size_t n = Below(5); n > 0; --n) {
      out += kParts[Below(std::size(kParts))];
    }
    out.push_back('"');
  }

  void Value(std::size_t depth, std::string& out) {
    static constexpr const char* kScalars[] = {
        "null", "true",  "false", "0",    "-0",
        "17",   "-3.25", "1e10",  "2E-3", "9007199254740993",
    };
    Space(out);
    const std::size_t kind = Below(depth < 6 ? 6 : 3);
    if (kind < 2) {
      out += kScalars[Below(std::size(kScalars))];
    } else if (kind == 2) {
      String(out);
    } else {
      const bool object = kind != 3;
      out.push_back(object ? '{' : '[');
      Space(out);
      for (std::size_t n = Below(6), i = 0; i < n; ++i) {
        out += i == 0 ? "" : ",";
        if (object) {
          Space(out);
          String(out);
          Space(out);
          out.push_back(':');
        }
        Value(depth + 1, out);
      }
      out.push_back(object ? '}' : ']');
    }
    Space(out);
  }

  std::mt19937 random_;
};

bool SimdjsonTakes(simdjson::dom::parser& parser, const std::string& text,
                   simdjson::error_code& error) {
  error = parser.parse(text).error();
  return error == simdjson::SUCCESS;
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// A run of 19 digits, or of 3 behind an exponent.
bool HasHugeNumber(const std::string& text) {
  std::size_t run = 0;
  bool exponent = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) {
      exponent = i > 0 && (text[i - 1] == 'e' || text[i - 1] == 'E') &&
                 (text[i] == '+' || text[i] == '-');
      run = 0;
      continue;
    }
    if (run == 0 && i > 0) {
      exponent = exponent || text[i - 1] == 'e' || text[i - 1] == 'E';
    }
    if (++run >= (exponent ? 3U : 19U)) {
      return true;
    }
  }
  return false;
}

// Writes what a reader of each tree sees, to compare the trees.
void Dump(const JsonValue& value, std::string& out) {
  std::string scratch;
  switch (value.type()) {
    case JsonType::kString:
      out += value.Unescape(scratch);
      break;
    case JsonType::kObject:
    case JsonType::kArray:
      out += value.is_object() ? '{' : '[';
      for (auto v = value.FirstChild(); v.has_value(); v = v->NextSibling()) {
        if (value.is_object()) {
          out += v->UnescapeName(scratch);
          out += ':';
        }
        Dump(*v, out);
        out += ',';
      }
      out += value.is_object() ? '}' : ']';
      break;
    case JsonType::kNumber:
      out += '#';
      break;
    case JsonType::kNull:
    case JsonType::kTrue:
    case JsonType::kFalse:
      out += value.raw();
      break;
  }
}

void Dump(simdjson::dom::element element, std::string& out) {
  if (simdjson::dom::object object; element.get(object) == simdjson::SUCCESS) {
    out += '{';
    for (const auto field : object) {
      out += field.key;
      out += ':';
      Dump(field.value, out);
      out += ',';
    }
    out += '}';
    return;
  }
  if (simdjson::dom::array array; element.get(array) == simdjson::SUCCESS) {
    out += '[';
    for (const auto item : array) {
      Dump(item, out);
      out += ',';
    }
    out += ']';
    return;
  }
  std::string_view text;
  bool truth = false;
  if (element.get(text) == simdjson::SUCCESS) {
    out += text;
  } else if (element.get(truth) == simdjson::SUCCESS) {
    out += truth ? "true" : "false";
  } else {
    out += element.is_null() ? "null" : "#";
  }
}

TEST(JsonDifferential, ReadsGeneratedTextsAsSimdjsonDoes) {
  TextMaker make(20260101);
  JsonDocument document;
  simdjson::dom::parser parser;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = make.Text();
    ASSERT_EQ(document.Parse(text), JsonFault::kNone) << text;
    std::string ours;
    std::string theirs;
    Dump(document.root(), ours);
    Dump(parser.parse(text).value(), theirs);
    ASSERT_EQ(ours, theirs) << text;
  }
}

TEST(JsonDifferential, RefusesDamagedTextsAsSimdjsonDoes) {
  TextMaker make(20260102);
  JsonDocument document;
  simdjson::dom::parser parser;
  std::size_t refused = 0;
  std::size_t taken = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = make.Damaged(make.Text());
    const JsonFault fault = document.Parse(text);
    simdjson::error_code error = simdjson::SUCCESS;
    if (SimdjsonTakes(parser, text, error)) {
      ASSERT_EQ(fault, JsonFault::kNone) << text;
      ++taken;
      continue;
    }
    ++refused;
    const bool valid_utf8 = simdjson::validate_utf8(text.data(), text.size());
    if (fault == JsonFault::kNone) {
      // What we take and simdjson does not: numbers out of range and lone
      // surrogates. Its codes for these also mean bad grammar, so the spelling
      // decides.
      const bool range = error == simdjson::NUMBER_ERROR && HasHugeNumber(text);
      const bool surrogate = error == simdjson::STRING_ERROR &&
                             text.find("\\ud") != std::string::npos;
      ASSERT_TRUE(range || surrogate) << error << " " << text;
    }
    ASSERT_EQ(fault == JsonFault::kUtf8, !valid_utf8) << text;
  }
  // Both sides of the comparison were met.
  EXPECT_GT(refused, 10'000U);
  EXPECT_GT(taken, 5'000U);
}

// Every prefix and every one-byte change of one record with all constructs.
TEST(JsonDifferential, AgreesOnEveryNeighbourOfOneRecord) {
  const std::string record =
      R"({"a":[1,-2.5e+3,true,null,"x\n\u00e9"],"b":{"c":{},"d":[[]]}, "e":"f"})";
  JsonDocument document;
  simdjson::dom::parser parser;
  simdjson::error_code error = simdjson::SUCCESS;
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_NE(document.Parse(record.substr(0, size)), JsonFault::kNone) << size;
  }
  for (std::size_t at = 0; at < record.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = record;
      text[at] = static_cast<char>(byte);
      const bool theirs = SimdjsonTakes(parser, text, error);
      ASSERT_EQ(document.Parse(text) == JsonFault::kNone, theirs) << text;
    }
  }
}

}  // namespace
}  // namespace authseal
