#include "tests/model/update_tables.h"

#include <algorithm>
#include <map>

namespace pageturner::model {
namespace {

namespace json = boost::json;

// Returns the key attributes of all tables and indexes with their types.
const std::map<std::string, std::string>& key_types() {
  static const std::map<std::string, std::string> types = {
      {"p", "S"}, {"q", "N"}, {"g", "S"}, {"r", "N"}};
  return types;
}

json::array schema_of(const std::vector<std::string>& names) {
  json::array schema;
  for (const std::string& name : names) {
    schema.push_back(
        json::object{{"AttributeName", name}, {"KeyType", schema.empty() ? "HASH" : "RANGE"}});
  }
  return schema;
}

json::array definitions_of(const std::vector<std::string>& key,
                           const std::vector<std::string>& index_key) {
  json::array definitions;
  for (const auto* names : {&key, &index_key}) {
    for (const std::string& name : *names) {
      definitions.push_back(
          json::object{{"AttributeName", name}, {"AttributeType", key_types().at(name)}});
    }
  }
  return definitions;
}

UpdateTable table_without_sort_key() {
  UpdateTable table{.name = "Alpha", .key_names = {"p"}};
  table.index_name = "by_g";
  table.index_names = {"g"};
  table.index_projects_all = true;
  for (const char* text : {"k0", "k1", "k2", "k3", "k4"}) {
    table.keys.push_back(json::object{{"p", json::object{{"S", text}}}});
  }
  return table;
}

UpdateTable table_with_sort_key() {
  UpdateTable table{.name = "Beta", .key_names = {"p", "q"}};
  table.index_name = "by_r_g";
  table.index_names = {"r", "g"};
  for (const char* text : {"k0", "k1"}) {
    for (const char* number : {"-1", "0.5", "70"}) {
      table.keys.push_back(
          json::object{{"p", json::object{{"S", text}}}, {"q", json::object{{"N", number}}}});
    }
  }
  return table;
}

}  // namespace

json::object UpdateTable::create_request() const {
  json::object index{{"IndexName", index_name}, {"KeySchema", schema_of(index_names)}};
  index["Projection"] = json::object{{"ProjectionType", index_projects_all ? "ALL" : "KEYS_ONLY"}};
  json::object request{{"TableName", name}, {"BillingMode", "PAY_PER_REQUEST"}};
  request["KeySchema"] = schema_of(key_names);
  request["AttributeDefinitions"] = definitions_of(key_names, index_names);
  request["GlobalSecondaryIndexes"].emplace_array().push_back(index);
  return request;
}

std::optional<json::object> UpdateTable::index_entry(const json::object& item) const {
  json::object entry;
  for (const auto* names : {&key_names, &index_names}) {
    for (const std::string& key_name : *names) {
      const json::value* value = item.if_contains(key_name);
      if (value == nullptr) return std::nullopt;
      entry[key_name] = *value;
    }
  }
  return index_projects_all ? item : entry;
}

const std::vector<UpdateTable>& update_tables() {
  static const std::vector<UpdateTable> tables = {table_without_sort_key(), table_with_sort_key()};
  return tables;
}

bool is_key_name(const std::string& name) { return key_types().contains(name); }

}  // namespace pageturner::model
