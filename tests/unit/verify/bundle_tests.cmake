# Sources for verify_test: bundles, pins and the verifier's memory. They sign,
# so the test USES crypto_signing, note_signing and test_support.
set(AUTHSEAL_VERIFY_BUNDLE_TESTS
  bundle_lines_test.cc
  bundle_verifier_test.cc
  pin_check_test.cc
  sample_bundle.cc
  verifier_state_test.cc)
