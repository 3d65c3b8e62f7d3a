// Why: exports and imports are listed for 90 days; without that end their records would be kept as
// long as the process. Source: api, ListExports and ListImports.
#include "storage/record_registry.h"

#include <gtest/gtest.h>

namespace pageturner {
namespace {

struct Record {
  std::string id;
};

TEST(RecordRegistry, RemovesRecordsThatBeganBefore) {
  RecordRegistry<Record> registry;
  for (const std::int64_t begin : {999, 1000, 1000, 1001}) {
    registry.add(std::make_shared<const Record>(Record{registry.make_id(begin)}));
  }
  registry.remove_before(1000);
  ASSERT_EQ(registry.all().size(), 3u);
  EXPECT_TRUE(registry.all().front()->id.starts_with("00000000001000-"));
  registry.remove_before(1002);
  EXPECT_TRUE(registry.all().empty());
}

}  // namespace
}  // namespace pageturner
