# Turns mapping files into a source file that holds their text.
#   cmake -D OUT=<file> -D FOLDER=<folder> -D NAMES=a,b,c -P embed_mappings.cmake
string(REPLACE "," ";" names "${NAMES}")
set(entries "")
foreach(name IN LISTS names)
  file(READ "${FOLDER}/${name}.yaml" text)
  string(APPEND entries
    "    {\"${name}.yaml\", R\"yaml~~(${text})yaml~~\"},\n")
endforeach()
file(WRITE "${OUT}" "// Written by embed_mappings.cmake from lib/event/providers/*.yaml.
#include \"lib/event/mapper.h\"

namespace authseal {

std::span<const MappingSource> BuiltInMappings() {
  static const std::vector<MappingSource> kMappings = {
${entries}  };
  return kMappings;
}

}  // namespace authseal
")
