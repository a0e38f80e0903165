// Finds where a JSON object that is spread over lines ends, as its bytes come
// in. Follows the grammar of containers, strings and separators, so that text
// which is no object is given up at the first byte that cannot belong to one;
// numbers, atoms, escapes and UTF-8 are left to the parser.
#ifndef AUTHSEAL_INGEST_OBJECT_SCANNER_H_
#define AUTHSEAL_INGEST_OBJECT_SCANNER_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/json/document.h"

namespace authseal {

class ObjectScanner {
 public:
  enum class Outcome {
    kOpen,      // goes on behind the bytes fed so far
    kComplete,  // size_bytes() is the object's size
    kBroken,    // no object
  };

  // Begins anew; the next byte fed is to be the object's "{".
  void Reset();
  // The bytes that follow those fed before. Not after kComplete or kBroken.
  Outcome Feed(std::string_view text);

  // Bytes that belong to the object so far.
  std::size_t size_bytes() const { return size_bytes_; }
  std::size_t line_feed_count() const { return line_feed_count_; }

 private:
  enum class Expect : std::uint8_t {
    kValue,       // after ':' or, in an array, ','
    kValueOrEnd,  // after '['
    kKey,         // after ',' in an object
    kKeyOrEnd,    // after '{'
    kColon,
    kSeparator,  // ',' or the end of the container
  };
  enum class Within : std::uint8_t {
    kNothing,
    kString,
    kEscape,  // behind a backslash
    kScalar,
  };

  std::size_t SkipString(std::string_view text, std::size_t at);
  bool Token(char c);
  bool OpenContainer(char c);
  bool CloseContainer(char c);
  bool BeginString();
  bool BeginScalar();

  std::bitset<kJsonDepthMax> is_array_;
  std::size_t depth_ = 0;
  Expect expect_ = Expect::kValue;
  Within within_ = Within::kNothing;
  bool string_broken_ = false;
  std::size_t size_bytes_ = 0;
  std::size_t line_feed_count_ = 0;
};

// Appends `object` without the white space outside its strings. It is one
// valid JSON object.
void AppendFolded(std::string_view object, std::string& out);

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_OBJECT_SCANNER_H_
