#include "server/operations/items/item_key.h"

#include <algorithm>

#include "protocol/assert.h"
#include "protocol/expression/key_condition.h"
#include "protocol/limits.h"
#include "protocol/text.h"
#include "storage/key_codec.h"

namespace pageturner {
namespace {

// Returns the size in bytes of those attributes of `part` that `item` has.
std::size_t size_of_part(const std::vector<KeyAttribute>& part, const AttributeSource& item) {
  std::size_t size = 0;
  for (const KeyAttribute& attribute : part) {
    const AttributeValue* value = item.find(attribute.name);
    if (value != nullptr) size += size_bytes(*value);
  }
  return size;
}

Result<void> check_key_sizes(const KeyLayout& layout, const AttributeSource& item) {
  if (size_of_part(layout.partition, item) > limits::partition_key_size_bytes_max) {
    // The service omits the blank, too.
    return invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (size_of_part(layout.sort, item) > limits::sort_key_size_bytes_max) {
    return invalid_parameter(
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
  return {};
}

Result<void> check_key_attribute(const KeyAttribute& attribute, const AttributeSource& item,
                                 bool in_batch) {
  const AttributeValue* value = item.find(attribute.name);
  if (value == nullptr) {
    if (in_batch) return key_mismatch();
    return as_item_error(
        invalid_parameter(concat("Missing the key ", attribute.name, " in the item")));
  }
  if (!has_type(*value, attribute.type)) {
    if (in_batch) return key_mismatch();
    return as_item_error(invalid_parameter(concat("Type mismatch for key ", attribute.name,
                                                  " expected: ", scalar_descriptor(attribute.type),
                                                  " actual: ", type_descriptor(type_of(*value)))));
  }
  return {};
}

// Requires: `item` has the attribute.
Result<void> check_not_empty(const KeyAttribute& attribute, const AttributeSource& item) {
  const AttributeValue* value = item.find(attribute.name);
  PAGETURNER_ASSERT(value != nullptr);
  auto error = empty_key_value_error(*value, attribute.name);
  if (error) return *std::move(error);
  return {};
}

Error index_key_type_mismatch(const Index& index, const KeyAttribute& attribute,
                              const AttributeValue& value) {
  return as_item_error(invalid_parameter(concat("Type mismatch for Index Key ", attribute.name,
                                                " Expected: ", scalar_descriptor(attribute.type),
                                                " Actual: ", type_descriptor(type_of(value)),
                                                " IndexName: ", index.description.name)));
}

// `subject` is in the middle of the message, `location` at its end.
Error empty_index_key(const KeyAttribute& attribute, std::string_view subject,
                      std::string_view location = "") {
  const std::string_view kind = attribute.type == ScalarType::b ? "binary" : "string";
  return validation_error(
      concat("One or more parameter values are not valid. ", subject,
             " not supported. The AttributeValue for a key attribute cannot contain an empty ",
             kind, " value.", location));
}

Error empty_put_of_index_key(const Index& index, const KeyAttribute& attribute) {
  return empty_index_key(
      attribute, "A value specified for a secondary index key is",
      concat(" IndexName: ", index.description.name, ", IndexKey: ", attribute.name));
}

Error empty_update_of_index_key(const Index&, const KeyAttribute& attribute) {
  return empty_index_key(
      attribute,
      "The update expression attempted to update a secondary index key to a value that is");
}

Error unsupported_update_of_index_key(const Index&, const KeyAttribute&, const AttributeValue&) {
  return as_item_error(validation_error(
      "The update expression attempted to update the secondary index key to unsupported type"));
}

// The errors for invalid index key attributes; the message depends on the operation.
struct IndexKeyErrors {
  Error (*wrong_type)(const Index&, const KeyAttribute&, const AttributeValue&);
  Error (*empty)(const Index&, const KeyAttribute&);
};

// Checks the types of the values that `value_of` returns for the names of index key attributes;
// nullptr: the attribute is absent. If several indexes have invalid values, the error is that of
// the first index in the order of names.
template <class ValueOf>
Result<void> check_index_attributes(const Table& table, ValueOf value_of, IndexKeyErrors errors) {
  const Index* faulty = nullptr;
  Result<void> result;
  for (const auto& index : table.indexes) {
    if (faulty != nullptr && faulty->description.name < index->description.name) continue;
    for (const auto* part : {&index->layout.partition, &index->layout.sort}) {
      for (const KeyAttribute& attribute : *part) {
        const AttributeValue* value = value_of(attribute.name);
        if (value == nullptr || faulty == index.get()) continue;
        if (!has_type(*value, attribute.type)) {
          result = errors.wrong_type(*index, attribute, *value);
        } else if (empty_key_value_error(*value, attribute.name)) {
          result = errors.empty(*index, attribute);
        } else {
          continue;
        }
        faulty = index.get();
      }
    }
  }
  return result;
}

// Returns a value of the type that `update` gives the top-level attribute `name`: the literal of a
// SET, the number of an ADD, any number for a sum. nullptr if the type depends on the item, or the
// attribute is not changed; also for an ADD of a set, which apply_update() checks first.
const AttributeValue* typed_value_of(const Update& update, std::string_view name) {
  static const AttributeValue any_number{Number()};
  for (const UpdateAction& action : update) {
    if (!action.path.is_top_level() || action.path.top_level_name() != name) continue;
    const ExpressionNode& value = action.value;
    const bool sets_value = action.kind == UpdateKind::set && value.kind == NodeKind::value;
    const bool adds_number =
        action.kind == UpdateKind::add && type_of(value.value) == AttributeType::n;
    if (sets_value || adds_number) return &value.value.get();
    if (action.kind == UpdateKind::set && value.kind == NodeKind::arithmetic) return &any_number;
  }
  return nullptr;
}

// Whether `update` changes the top-level attribute `name` or something in it.
bool touches(const Update& update, std::string_view name) {
  return std::any_of(update.begin(), update.end(), [&](const UpdateAction& action) {
    return action.path.top_level_name() == name;
  });
}

Result<void> check_index_keys(const Table& table, const AttributeSource& item) {
  const auto value_of = [&](std::string_view name) { return item.find(name); };
  PAGETURNER_RETURN_IF_ERROR(
      check_index_attributes(table, value_of, {index_key_type_mismatch, empty_put_of_index_key}));
  for (const auto& index : table.indexes)
    PAGETURNER_RETURN_IF_ERROR(check_key_sizes(index->layout, item));
  return {};
}

// Whether `path` goes into a key attribute of `layout`.
bool enters_key(const DocumentPath& path, const KeyLayout& layout) {
  return !path.is_top_level() && is_key_attribute(layout, path.top_level_name());
}

Error keys_are_scalars(std::string_view key_kind, const DocumentPath& path) {
  return validation_error(
      concat("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
             "allowed: ",
             key_kind, ": ", path.top_level_name()));
}

Result<void> check_path_into_keys(const Table& table, const DocumentPath& path) {
  if (enters_key(path, table.layout)) return keys_are_scalars("Key", path);
  for (const auto& index : table.indexes) {
    if (enters_key(path, index->layout)) return keys_are_scalars("IndexKey", path);
  }
  return {};
}

// Checks the paths that `update` changes and those that it reads, in the order of the text.
Result<void> check_update_paths(const Table& table, const Update& update) {
  Result<void> checked;
  const auto check = [&](const DocumentPath& path) {
    if (checked) checked = check_path_into_keys(table, path);
  };
  for (const UpdateAction& action : update) {
    check(action.path);
    if (action.kind == UpdateKind::set) for_each_path(action.value, check);
  }
  if (!checked) return as_item_error(std::move(checked).error());
  return {};
}

}  // namespace

Error key_mismatch() {
  return as_item_error(validation_error("The provided key element does not match the schema"));
}

Result<void> check_update_of_keys(const Table& table, const Update& update) {
  for (const UpdateAction& action : update) {
    const std::string& name = action.path.top_level_name();
    if (!is_key_attribute(table.layout, name)) continue;
    return as_item_error(invalid_parameter(
        concat("Cannot update attribute ", name, ". This attribute is part of the key")));
  }
  const auto value_of = [&](std::string_view name) { return typed_value_of(update, name); };
  PAGETURNER_RETURN_IF_ERROR(check_index_attributes(
      table, value_of, {index_key_type_mismatch, empty_update_of_index_key}));
  return check_update_paths(table, update);
}

Result<void> check_updated_index_keys(const Table& table, const Update& update,
                                      const AttributeSource& updated) {
  const auto value_of = [&](std::string_view name) {
    return touches(update, name) ? updated.find(name) : nullptr;
  };
  PAGETURNER_RETURN_IF_ERROR(check_index_attributes(
      table, value_of, {unsupported_update_of_index_key, empty_update_of_index_key}));
  for (const auto& index : table.indexes) {
    const auto touched = [&](const KeyAttribute& attribute) {
      return touches(update, attribute.name);
    };
    const KeyLayout& layout = index->layout;
    const bool any_touched =
        std::any_of(layout.partition.begin(), layout.partition.end(), touched) ||
        std::any_of(layout.sort.begin(), layout.sort.end(), touched);
    if (!any_touched || check_key_sizes(layout, updated)) continue;
    return as_item_error(validation_error(
        "The update expression attempted to update the secondary index key beyond allowed size "
        "limits"));
  }
  return {};
}

Result<std::string> key_of_item(const Table& table, ItemView stored, bool in_batch) {
  const KeyLayout& layout = table.layout;
  const StoredItemSource item(stored);
  for (const auto* part : {&layout.partition, &layout.sort}) {
    for (const KeyAttribute& attribute : *part) {
      PAGETURNER_RETURN_IF_ERROR(check_key_attribute(attribute, item, in_batch));
    }
  }
  for (const auto* part : {&layout.partition, &layout.sort}) {
    for (const KeyAttribute& attribute : *part)
      PAGETURNER_RETURN_IF_ERROR(check_not_empty(attribute, item));
  }
  PAGETURNER_RETURN_IF_ERROR(check_index_keys(table, item));
  PAGETURNER_RETURN_IF_ERROR(check_key_sizes(layout, item));
  return encode_key(layout, item).value();
}

Result<std::string> key_of_request(const Table& table, const Item& key) {
  const KeyLayout& layout = table.layout;
  if (key.size() != layout.partition.size() + layout.sort.size()) return key_mismatch();
  const ItemSource attributes(key);
  auto encoded = encode_key(layout, attributes);
  if (!encoded) return key_mismatch();
  for (const auto* part : {&layout.partition, &layout.sort}) {
    for (const KeyAttribute& attribute : *part)
      PAGETURNER_RETURN_IF_ERROR(check_not_empty(attribute, attributes));
  }
  PAGETURNER_RETURN_IF_ERROR(check_key_sizes(layout, attributes));
  return *std::move(encoded);
}

Result<void> check_paths_into_keys(const Table& table, const std::vector<DocumentPath>& paths) {
  for (const DocumentPath& path : paths) {
    PAGETURNER_RETURN_IF_ERROR(check_path_into_keys(table, path));
  }
  return {};
}

Result<void> check_item_size(ItemView item) {
  if (item.size_bytes() <= limits::item_size_bytes_max) return {};
  return validation_error("Item size has exceeded the maximum allowed size",
                          ErrorDetail::item_too_large);
}

}  // namespace pageturner
