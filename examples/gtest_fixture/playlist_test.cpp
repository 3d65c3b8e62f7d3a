#include "playlist.h"

#include <gtest/gtest.h>

#include "pageturner/emulator.h"

// Each test has its own DynamoDB, which is empty except for the table. It starts in a millisecond.
class PlaylistTest : public testing::Test {
 protected:
  void SetUp() override {
    call("CreateTable", R"({
        "TableName": "Playlists", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "playlist", "AttributeType": "S"},
                                 {"AttributeName": "position", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "playlist", "KeyType": "HASH"},
                      {"AttributeName": "position", "KeyType": "RANGE"}]})");
  }

  // Calls the emulator without HTTP. Clients that need an address use emulator_.endpoint().
  std::string call(const std::string& operation, const std::string& body) {
    pageturner::Response response = emulator_.call(operation, body);
    if (response.http_status != 200) throw DynamoDbError(response.body);
    return response.body;
  }

  Playlist playlist(std::string name) {
    return {[this](const std::string& operation, const std::string& body) {
              return call(operation, body);
            },
            std::move(name)};
  }

  pageturner::Emulator emulator_;
};

TEST_F(PlaylistTest, KeepsSongsInTheirOrder) {
  Playlist mornings = playlist("mornings");
  mornings.add(10, "Clocks");
  mornings.add(9, "Breathe");
  EXPECT_EQ(mornings.songs(), (std::vector<std::string>{"Breathe", "Clocks"}));
  EXPECT_EQ(playlist("evenings").songs(), std::vector<std::string>());
}

TEST_F(PlaylistTest, ReadsAllPages) {
  Playlist long_one = playlist("long one");
  for (int i = 0; i < 7; ++i) long_one.add(i, "Song " + std::to_string(i));
  for (int page_size = 1; page_size <= 8; ++page_size) {
    EXPECT_EQ(long_one.songs(page_size).size(), 7u) << page_size;
  }
}

TEST_F(PlaylistTest, RejectsASecondSongAtAPosition) {
  Playlist mornings = playlist("mornings");
  mornings.add(1, "Atlas");
  try {
    mornings.add(1, "Breathe");
    FAIL() << "was accepted";
  } catch (const DynamoDbError& refused) {
    EXPECT_NE(std::string(refused.what()).find("ConditionalCheckFailedException"),
              std::string::npos);
  }
  EXPECT_EQ(mornings.songs(), std::vector<std::string>{"Atlas"});
}

TEST_F(PlaylistTest, ListensOnAPortOfItsOwn) {
  pageturner::Emulator other;
  EXPECT_TRUE(other.endpoint().starts_with("http://127.0.0.1:")) << other.endpoint();
  EXPECT_NE(other.endpoint(), emulator_.endpoint());
}
