#include "tests/support/temporary_directory.h"

#include <filesystem>
#include <stdlib.h>
#include <system_error>

#include <gtest/gtest.h>

namespace authseal {

TemporaryDirectory::TemporaryDirectory() {
  const std::filesystem::path base =
      std::filesystem::absolute(::testing::TempDir());
  std::string path = (base / "authseal-test-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    ADD_FAILURE() << "no temporary directory below " << base;
    return;
  }
  path_ = path;
}

TemporaryDirectory::~TemporaryDirectory() {
  if (!path_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
}

}  // namespace authseal
