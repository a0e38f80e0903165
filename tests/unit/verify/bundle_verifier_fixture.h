// A sample bundle that a test changes and verifies again.
#ifndef AUTHSEAL_TESTS_UNIT_VERIFY_BUNDLE_VERIFIER_FIXTURE_H_
#define AUTHSEAL_TESTS_UNIT_VERIFY_BUNDLE_VERIFIER_FIXTURE_H_

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lib/verify/bundle_verifier.h"
#include "tests/unit/verify/sample_bundle.h"

namespace authseal {

using Kind = FindingKind;

inline std::string Replaced(std::string text, std::string_view from,
                            std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class BundleVerifierTest : public ::testing::Test {
 protected:
  BundleVerifierTest()
      : log_(MakeSampleLog()), bundle_(MakeSampleBundle(log_, {1, 2, 5, 9})) {
    options_.pin = log_.pin();
  }

  std::string& file(const std::string& path) { return bundle_.files[path]; }

  Result<VerifyReport> TryVerify() {
    bundle_.WriteTo(files_, "B");
    return VerifyBundle(files_, "B", options_);
  }
  VerifyReport Verify() {
    auto report = TryVerify();
    EXPECT_TRUE(report.has_value()) << report.error().message;
    return report.has_value() ? *std::move(report) : VerifyReport();
  }
  // With manifests that fit what is there: the proofs alone must find it.
  VerifyReport VerifyRemade() {
    bundle_.RemakeManifests();
    return Verify();
  }

  static std::vector<Kind> KindsOf(const VerifyReport& report) {
    std::vector<Kind> kinds;
    for (const Finding& finding : report.findings) {
      kinds.push_back(finding.kind);
    }
    return kinds;
  }

  SampleLog log_;
  SampleBundle bundle_;
  VerifyOptions options_;
  MemoryFileSystem files_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_VERIFY_BUNDLE_VERIFIER_FIXTURE_H_
