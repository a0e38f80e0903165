// embed_mapping_id OUT: run when the program is built; writes a source file
// with the id of the built-in mappings.
#include <fstream>

#include "lib/index/mapping_texts_hash.h"

namespace {

int Run(const char* path) {
  std::ofstream out(path, std::ios::binary);
  out << "// Written by embed_mapping_id.\n"
         "#include \"lib/index/mapping_texts_hash.h\"\n\n"
         "namespace authseal {\n\nconst Hash kEmbeddedMappingId = {{";
  for (const std::uint8_t byte : authseal::MappingTextsHash().bytes) {
    out << static_cast<unsigned>(byte) << ", ";
  }
  out << "}};\n\n}  // namespace authseal\n";
  out.flush();
  return out.good() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  return count == 2 ? Run(arguments[1]) : 2;
}
