// The code under test: playlists in a DynamoDB table.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

// An error response of DynamoDB. what() is the response body.
struct DynamoDbError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Sends an operation such as "PutItem" with a JSON body and returns the response body. Throws
// DynamoDbError on an error response. In production this is your HTTP or SDK client.
using DynamoDb = std::function<std::string(const std::string& operation, const std::string& body)>;

class Playlist {
 public:
  Playlist(DynamoDb dynamodb, std::string name);

  // Adds a song at `position`. Throws DynamoDbError if the position is already used.
  void add(int position, const std::string& song);

  // Returns all songs in order of position, read in pages of `page_size`.
  std::vector<std::string> songs(int page_size = 100) const;

 private:
  DynamoDb dynamodb_;
  std::string name_;
};
