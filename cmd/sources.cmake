# The program without main(), so that tests can call RunMain.
add_library(authseal_cmd STATIC
  count_output.cc exit_status.cc export.cc fd_stream.cc filter_options.cc
  ingest.cc init.cc key_options.cc mappings.cc output.cc query.cc
  reading_options.cc run_main.cc seal.cc status.cc verify.cc
  verify_inputs.cc verify_json.cc verify_target.cc verify_text.cc)
target_link_libraries(authseal_cmd PUBLIC
  authseal_options authseal_export authseal_ingest authseal_query
  authseal_verify authseal_archive_writing authseal_event authseal_json
  authseal_io authseal_base CLI11::CLI11)
add_executable(authseal main.cc)
target_link_libraries(authseal PRIVATE authseal_cmd)
install(TARGETS authseal)
