#include "server/operations/tables/key_schema_input.h"

#include <algorithm>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// A KeySchemaElement of the request. `name` is a view into the document.
struct Element {
  std::string_view name;
  bool is_hash;
};

std::vector<Element> elements_of(JsonValue json) {
  std::vector<Element> elements;
  for (const JsonValue element : json.elements()) {
    elements.push_back(
        {text_parameter(element, "AttributeName"), text_parameter(element, "KeyType") == "HASH"});
  }
  return elements;
}

const KeyAttribute* find_definition(const std::vector<KeyAttribute>& definitions,
                                    std::string_view name) {
  const auto found =
      std::find_if(definitions.begin(), definitions.end(),
                   [&](const KeyAttribute& definition) { return definition.name == name; });
  return found == definitions.end() ? nullptr : &*found;
}

Result<void> check_defined(const std::vector<Element>& elements,
                           const std::vector<KeyAttribute>& definitions, KeySchemaOwner owner) {
  const bool all_defined =
      std::all_of(elements.begin(), elements.end(), [&](const Element& element) {
        return find_definition(definitions, element.name) != nullptr;
      });
  const bool two_of_table = owner == KeySchemaOwner::table && elements.size() == 2;
  const bool two_of_added = owner == KeySchemaOwner::added_index && elements.size() == 2;
  if (all_defined && !(two_of_table && definitions.size() < 2)) return {};
  if (two_of_table || two_of_added) {
    return validation_error("Invalid KeySchema: Some index key attribute have no definition");
  }
  return invalid_parameter(concat(
      "Some index key attributes are not defined in AttributeDefinitions. Keys: [",
      join(elements, ", ", &Element::name), "], AttributeDefinitions: ", name_list(definitions)));
}

Result<void> check_two_elements(const std::vector<Element>& elements) {
  const bool same = elements.size() == 2 && elements[0].name == elements[1].name;
  if (!elements[0].is_hash) {
    return validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (same) {
    return validation_error(
        "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (elements.size() == 2 && elements[1].is_hash) {
    return validation_error(
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  return {};
}

// A global index has up to four HASH attributes, followed by up to four RANGE attributes.
Result<void> check_many_elements(const std::vector<Element>& elements) {
  if (!elements[0].is_hash) {
    return validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  const auto is_hash = [](const Element& element) { return element.is_hash; };
  if (!std::is_partitioned(elements.begin(), elements.end(), is_hash)) {
    return invalid_parameter(
        "All HASH key attributes must precede RANGE key attributes in the KeySchema");
  }
  const auto hashes =
      static_cast<std::size_t>(std::count_if(elements.begin(), elements.end(), is_hash));
  if (hashes > limits::index_key_attributes_max) {
    return invalid_parameter(
        "The KeySchema exceeds the maximum allowed number of HASH key attributes");
  }
  if (elements.size() - hashes > limits::index_key_attributes_max) {
    return invalid_parameter(
        "The KeySchema exceeds the maximum allowed number of RANGE key attributes");
  }
  std::set<std::string_view> names;
  for (const Element& element : elements) {
    if (!names.insert(element.name).second) {
      return validation_error("The KeySchema contains multiple key attributes with the same name");
    }
  }
  return {};
}

}  // namespace

std::string name_list(const std::vector<KeyAttribute>& attributes) {
  return concat('[', join(attributes, ", ", &KeyAttribute::name), ']');
}

std::vector<KeyAttribute> parse_attribute_definitions(JsonValue json) {
  std::vector<KeyAttribute> definitions;
  for (const JsonValue definition : json.elements()) {
    const std::string_view type = text_parameter(definition, "AttributeType");
    definitions.push_back(
        {std::string(text_parameter(definition, "AttributeName")), type == "S"   ? ScalarType::s
                                                                   : type == "N" ? ScalarType::n
                                                                                 : ScalarType::b});
  }
  return definitions;
}

Result<KeySchema> parse_key_schema(JsonValue json, const std::vector<KeyAttribute>& definitions,
                                   KeySchemaOwner owner) {
  const std::vector<Element> elements = elements_of(json);
  PAGETURNER_RETURN_IF_ERROR(check_defined(elements, definitions, owner));
  const bool is_global =
      owner == KeySchemaOwner::global_index || owner == KeySchemaOwner::added_index;
  const bool many =
      is_global && (elements.size() > 2 || (elements.size() == 2 && elements[1].is_hash));
  PAGETURNER_RETURN_IF_ERROR(many ? check_many_elements(elements) : check_two_elements(elements));
  KeySchema schema;
  for (const Element& element : elements) {
    (element.is_hash ? schema.partition : schema.sort)
        .push_back(*find_definition(definitions, element.name));
  }
  return schema;
}

void add_key_names(JsonValue key_schema, std::set<std::string_view>& names) {
  for (const Element& element : elements_of(key_schema)) names.insert(element.name);
}

std::map<std::string, ScalarType> key_types(const TableDescription& table) {
  std::map<std::string, ScalarType> types;
  const auto add = [&](const KeySchema& schema) {
    for (const auto* part : {&schema.partition, &schema.sort}) {
      for (const KeyAttribute& attribute : *part) types.emplace(attribute.name, attribute.type);
    }
  };
  add(table.key_schema);
  for (const IndexDescription& index : table.indexes) add(index.key_schema);
  return types;
}

std::vector<KeyAttribute> used_definitions(const TableDescription& table) {
  std::vector<KeyAttribute> definitions;
  for (const auto& [name, type] : key_types(table)) definitions.push_back({name, type});
  return definitions;
}

}  // namespace pageturner
