// A record taken apart, so that tests can change it and write it down again.
#ifndef AUTHSEAL_TESTS_UNIT_INGEST_RECORD_TREE_H_
#define AUTHSEAL_TESTS_UNIT_INGEST_RECORD_TREE_H_

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace authseal {

struct RecordTree {
  enum class Kind {
    kScalar,
    kArray,
    kObject
  };
  Kind kind = Kind::kScalar;
  std::string name;    // as written, between the quotes
  std::string scalar;  // as written
  std::vector<RecordTree> children;
};

// Of valid JSON.
RecordTree TakeApart(std::string_view record);
std::string Written(const RecordTree& tree);

// Scalars become others of any type; the shape stays.
void ChangeScalars(RecordTree& tree, std::mt19937& random);
// One change at one place: a member renamed (to something of the same length,
// with an escape, to what means something), repeated, moved, wrapped, retyped,
// taken away; a list made longer.
void ChangeShape(RecordTree& tree, std::mt19937& random);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_INGEST_RECORD_TREE_H_
