#include "server/operations/item_key.h"

#include "protocol/expression/key_condition.h"
#include "protocol/limits.h"
#include "storage/key_codec.h"

namespace ddb {
namespace {

// The bytes of the attributes of `part` that `item` has.
std::size_t size_of_part(const std::vector<KeyAttribute>& part, const Item& item) {
  std::size_t size = 0;
  for (const KeyAttribute& attribute : part) {
    const auto found = item.find(attribute.name);
    if (found != item.end()) size += size_bytes(found->second);
  }
  return size;
}

Result<void> check_key_sizes(const KeyLayout& layout, const Item& item) {
  if (size_of_part(layout.partition, item) > limits::partition_key_size_bytes_max) {
    // The missing blank is the service's own.
    return invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (size_of_part(layout.sort, item) > limits::sort_key_size_bytes_max) {
    return invalid_parameter(
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
  return {};
}

Result<void> check_key_attribute(const KeyAttribute& attribute, const Item& item, bool in_batch) {
  const auto found = item.find(attribute.name);
  if (found == item.end()) {
    if (in_batch) return key_mismatch();
    return invalid_parameter("Missing the key " + attribute.name + " in the item");
  }
  if (!has_type(found->second, attribute.type)) {
    if (in_batch) return key_mismatch();
    return invalid_parameter("Type mismatch for key " + attribute.name +
                             " expected: " + std::string(scalar_descriptor(attribute.type)) +
                             " actual: " + std::string(type_descriptor(type_of(found->second))));
  }
  return {};
}

Result<void> check_not_empty(const KeyAttribute& attribute, const Item& item) {
  auto error = empty_key_value_error(item.find(attribute.name)->second, attribute.name);
  if (error) return *std::move(error);
  return {};
}

Result<void> check_index_attribute(const KeyAttribute& attribute, const std::string& index_name,
                                   const Item& item) {
  const auto found = item.find(attribute.name);
  if (found == item.end()) return {};  // the item is not in the index
  if (!has_type(found->second, attribute.type)) {
    return invalid_parameter("Type mismatch for Index Key " + attribute.name +
                             " Expected: " + std::string(scalar_descriptor(attribute.type)) +
                             " Actual: " + std::string(type_descriptor(type_of(found->second))) +
                             " IndexName: " + index_name);
  }
  if (empty_key_value_error(found->second, attribute.name)) {
    const std::string_view kind = attribute.type == ScalarType::b ? "binary" : "string";
    return validation_error(
        "One or more parameter values are not valid. A value specified for a secondary index key "
        "is "
        "not supported. The AttributeValue for a key attribute cannot contain an empty " +
        std::string(kind) + " value. IndexName: " + index_name + ", IndexKey: " + attribute.name);
  }
  return {};
}

// Whether `path` goes into one of the key attributes of `layout`.
bool enters_key(const DocumentPath& path, const KeyLayout& layout) {
  return !path.is_top_level() && is_key_attribute(layout, path.top_level_name());
}

Error keys_are_scalars(std::string_view what, const DocumentPath& path) {
  return validation_error(
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
      "allowed: " +
      std::string(what) + ": " + path.top_level_name());
}

}  // namespace

Error key_mismatch() {
  return validation_error("The provided key element does not match the schema");
}

Result<void> check_index_keys(const Table& table, const Item& item) {
  for (const auto& index : table.indexes) {
    for (const auto* part : {&index->layout.partition, &index->layout.sort}) {
      for (const KeyAttribute& attribute : *part) {
        DDB_CHECK(check_index_attribute(attribute, index->description.name, item));
      }
    }
    DDB_CHECK(check_key_sizes(index->layout, item));
  }
  return {};
}

Result<std::string> key_of_item(const Table& table, const Item& item, bool in_batch) {
  const KeyLayout& layout = table.layout;
  for (const auto* part : {&layout.partition, &layout.sort}) {
    for (const KeyAttribute& attribute : *part) {
      DDB_CHECK(check_key_attribute(attribute, item, in_batch));
    }
  }
  for (const auto* part : {&layout.partition, &layout.sort}) {
    for (const KeyAttribute& attribute : *part) DDB_CHECK(check_not_empty(attribute, item));
  }
  DDB_CHECK(check_index_keys(table, item));
  DDB_CHECK(check_key_sizes(layout, item));
  return encode_key(layout, ItemSource(item)).value();
}

Result<std::string> key_of_request(const Table& table, const Item& key) {
  const KeyLayout& layout = table.layout;
  if (key.size() != layout.partition.size() + layout.sort.size()) return key_mismatch();
  auto encoded = encode_key(layout, ItemSource(key));
  if (!encoded) return key_mismatch();
  for (const auto* part : {&layout.partition, &layout.sort}) {
    for (const KeyAttribute& attribute : *part) DDB_CHECK(check_not_empty(attribute, key));
  }
  DDB_CHECK(check_key_sizes(layout, key));
  return *std::move(encoded);
}

Result<void> check_paths_into_keys(const Table& table, const std::vector<DocumentPath>& paths) {
  for (const DocumentPath& path : paths) {
    if (enters_key(path, table.layout)) return keys_are_scalars("Key", path);
    for (const auto& index : table.indexes) {
      if (enters_key(path, index->layout)) return keys_are_scalars("IndexKey", path);
    }
  }
  return {};
}

Result<void> check_item_size(const Item& item) {
  if (item_size_bytes(item) <= limits::item_size_bytes_max) return {};
  return validation_error("Item size has exceeded the maximum allowed size");
}

}  // namespace ddb
