#include "playlist.h"

#include <boost/json.hpp>
#include <utility>

namespace json = boost::json;

Playlist::Playlist(DynamoDb dynamodb, std::string name)
    : dynamodb_(std::move(dynamodb)), name_(std::move(name)) {}

void Playlist::add(int position, const std::string& song) {
  const json::value request = {{"TableName", "Playlists"},
                               {"ConditionExpression", "attribute_not_exists(#p)"},
                               {"ExpressionAttributeNames", {{"#p", "position"}}},
                               {"Item",
                                {{"playlist", {{"S", name_}}},
                                 {"position", {{"N", std::to_string(position)}}},
                                 {"song", {{"S", song}}}}}};
  dynamodb_("PutItem", json::serialize(request));
}

std::vector<std::string> Playlist::songs(int page_size) const {
  json::object request = {{"TableName", "Playlists"},
                          {"Limit", page_size},
                          {"KeyConditionExpression", "playlist = :p"},
                          {"ExpressionAttributeValues", {{":p", {{"S", name_}}}}}};
  std::vector<std::string> songs;
  while (true) {
    const json::value response = json::parse(dynamodb_("Query", json::serialize(request)));
    for (const json::value& item : response.at("Items").as_array()) {
      songs.emplace_back(item.at("song").at("S").as_string());
    }
    const json::value* next = response.as_object().if_contains("LastEvaluatedKey");
    if (next == nullptr) return songs;
    request["ExclusiveStartKey"] = *next;
  }
}
