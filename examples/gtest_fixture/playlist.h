// The code under test: playlists in a DynamoDB table.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

// An operation that DynamoDB refused. what() is the body of its answer.
struct DynamoDbError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Sends one operation ("PutItem") with a JSON body and returns the body of the answer; throws
// DynamoDbError. In production this is your HTTP or SDK client.
using DynamoDb = std::function<std::string(const std::string& operation, const std::string& body)>;

class Playlist {
 public:
  Playlist(DynamoDb dynamodb, std::string name);

  // Adds a song at `position`. Throws DynamoDbError where there is one already.
  void add(int position, const std::string& song);

  // All songs by their positions, read in pages of `page_size`.
  std::vector<std::string> songs(int page_size = 100) const;

 private:
  DynamoDb dynamodb_;
  std::string name_;
};
