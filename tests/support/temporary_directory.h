// A directory of real files, gone with everything in it at the end.
#ifndef AUTHSEAL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
#define AUTHSEAL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_

#include <string>
#include <string_view>

namespace authseal {

// Below ::testing::TempDir(), mode 0700. A test fails when it cannot be made.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::string& path() const { return path_; }  // absolute, no final '/'
  std::string PathOf(std::string_view relative) const {
    return path_ + "/" + std::string(relative);
  }

 private:
  std::string path_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
