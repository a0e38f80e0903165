// embed_mappings OUT FILE.yaml...: run when the program is built; writes a
// source file with the mappings' texts and trees. What is wrong with one is an
// #error there, for the compiler to show.
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "lib/event/flat_tree.h"
#include "lib/event/yaml_tree.h"

namespace authseal {
namespace {

constexpr std::string_view kHead =
    "// Written by embed_mappings from lib/event/providers/*.yaml.\n"
    "#include \"lib/event/mapper.h\"\n\nnamespace authseal {\n\n"
    "std::span<const BuiltInMapping> BuiltInMappings() {\n"
    "  static constexpr BuiltInMapping kMappings[] = {\n";
constexpr std::string_view kTail =
    "  };\n  return kMappings;\n}\n\n}  // namespace authseal\n";
constexpr std::size_t kBytesPerLine = 24;

std::string NameOf(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

// As string literals: octal, three digits each, so that none runs on.
void WriteBytes(const ByteVector& bytes, std::ostream& out) {
  std::size_t column = 0;
  for (const std::uint8_t byte : bytes) {
    out << (column % kBytesPerLine == 0 ? "\n        \"" : "") << '\\'
        << static_cast<char>('0' + (byte >> 6))
        << static_cast<char>('0' + (byte >> 3 & 7))
        << static_cast<char>('0' + (byte & 7));
    out << (++column % kBytesPerLine == 0 ? "\"" : "");
  }
  out << (column % kBytesPerLine == 0 ? "" : "\"");
}

bool Write(const std::string& path, std::ostream& out) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  const std::string name = NameOf(path);
  const auto root = ParseYaml(name, text.str());
  if (!in.good() || !root.has_value()) {
    out << "#error " << (root.has_value() ? path : root.error().message)
        << '\n';
    return false;
  }
  ByteVector flat;
  AppendFlatTree(*root, flat);
  out << "    {\"" << name << "\", R\"yaml~~(" << text.str()
      << ")yaml~~\",\n     std::string_view(";
  WriteBytes(flat, out);
  out << ",\n        " << flat.size() << ")},\n";
  return true;
}

int Run(int count, char** arguments) {
  if (count < 2) {
    return 2;
  }
  std::ofstream out(arguments[1], std::ios::binary);
  out << kHead;
  for (int i = 2; i < count; ++i) {
    if (!Write(arguments[i], out)) {
      break;
    }
  }
  out << kTail;
  out.flush();
  return out.good() ? 0 : 1;
}

}  // namespace
}  // namespace authseal

int main(int count, char** arguments) {
  return authseal::Run(count, arguments);
}
