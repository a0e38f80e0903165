// JSON lines in the shapes of five providers, about 0.9 KB each, the same for
// the same seed on any machine: what everything here is measured with.
//
// Every record has fresh random ids; users, clients and addresses come from
// pools, the more usual ones more often. So it compresses about as real logs
// do, which repeated samples would not. Each provider is recognised by its
// mapping, and a quarter of the records hold a token that is a secret.
#ifndef AUTHSEAL_TESTS_BENCH_RECORD_GENERATOR_H_
#define AUTHSEAL_TESTS_BENCH_RECORD_GENERATOR_H_

#include <cstdint>
#include <memory>
#include <string>

namespace authseal {

class RecordGenerator {
 public:
  explicit RecordGenerator(std::uint64_t seed);
  ~RecordGenerator();

  // Appends the next record and its LF.
  void Append(std::string& text);

 private:
  class Maker;
  std::unique_ptr<Maker> maker_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_BENCH_RECORD_GENERATOR_H_
