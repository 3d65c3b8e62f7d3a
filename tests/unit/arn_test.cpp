// ARNs of tables and of what belongs to them: requests may name a table by its ARN, and clients
// send back the ARNs of responses.
#include "protocol/arn.h"

#include <gtest/gtest.h>

namespace pageturner {
namespace {

const std::string table = table_arn("Music", "eu-west-1");

TEST(Arn, OfATableContainsRegionAndName) {
  EXPECT_EQ(table, "arn:aws:dynamodb:eu-west-1:000000000000:table/Music");
}

TEST(Arn, GivesTheNameOfATable) {
  EXPECT_EQ(table_name_of(table), "Music");
  EXPECT_EQ(table_name_of("Music"), "Music");
  EXPECT_EQ(table_name_of("x:table/Music"), "x:table/Music");
  EXPECT_EQ(table_name_of("arn:aws:s3:::bucket"), "arn:aws:s3:::bucket");
}

TEST(Arn, IsParsedIfItNamesARecordOfTheKind) {
  const std::string id = "01700000000000-0123abcd";
  const std::string text = table + "/backup/" + id;
  const auto backup = parse_record_arn(text, "backup");  // views into `text`
  ASSERT_TRUE(backup);
  EXPECT_EQ(backup->table_name, "Music");
  EXPECT_EQ(backup->id, id);

  for (const std::string& arn :
       {table + "/export/" + id, table + "/backup/1", table + "/backup/" + id + "0",
        table + "/backup/01700000000000-0123ABCD", table, "Music/backup/" + id}) {
    EXPECT_FALSE(parse_record_arn(arn, "backup")) << arn;
  }
}

TEST(Arn, IsSplitWithAnyId) {
  const std::string text = table + "/stream/2026-10-08T23:07:31.275";
  const auto stream = split_record_arn(text, "stream");  // views into `text`
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->table_name, "Music");
  EXPECT_EQ(stream->id, "2026-10-08T23:07:31.275");
  EXPECT_FALSE(split_record_arn(table, "stream"));
}

}  // namespace
}  // namespace pageturner
