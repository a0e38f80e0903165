// Makes text that came from a log or a file name harmless before it is shown.
#ifndef AUTHSEAL_BASE_ESCAPE_H_
#define AUTHSEAL_BASE_ESCAPE_H_

#include <string>
#include <string_view>

namespace authseal {

// For a terminal or a one-line message: C0, DEL, C1 (also as U+0080..U+009F),
// bidirectional and zero-width format characters, line and paragraph
// separators and invalid UTF-8 become \xHH or \u{H…}; a backslash becomes \\.
std::string EscapeForTerminal(std::string_view text);

// The same, but the (ASCII) characters of `kept` stay as they are: a format
// that has its own way with line ends or backslashes names them.
std::string EscapeExcept(std::string_view text, std::string_view kept);

// Columns a terminal uses for already escaped text: 0 for combining marks,
// 2 for East Asian wide characters and emoji, else 1.
std::size_t DisplayWidth(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_BASE_ESCAPE_H_
