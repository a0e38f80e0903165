# Sources of authseal_verify for bundles, pins and the verifier's memory.
set(AUTHSEAL_VERIFY_BUNDLE_SOURCES
  bag_manifest.cc
  bundle_epochs.cc
  bundle_files.cc
  bundle_lines.cc
  bundle_records.cc
  bundle_verifier.cc
  line_reader.cc
  pin_check.cc
  verifier_state.cc)
