// The words of a bundle: what it is, how it is checked, what was asked.
#ifndef AUTHSEAL_EXPORT_BUNDLE_TEXTS_H_
#define AUTHSEAL_EXPORT_BUNDLE_TEXTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/types.h"
#include "lib/export/bundle_writer.h"

namespace authseal {

inline constexpr std::string_view kBagDeclaration =
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

struct BundleFacts {
  std::string origin;
  std::string genesis_hex;
  BundleResult result;
  RecordRange considered;
  std::vector<std::string> filter_words;
  UnixNanos export_time;
  std::uint64_t payload_size_bytes = 0;
  std::uint64_t payload_count = 0;
};

std::string BundleReadme(const BundleFacts& facts);
std::string BagInfo(const BundleFacts& facts);
std::string ExportJson(const BundleFacts& facts);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_BUNDLE_TEXTS_H_
