#include "server/operations/key_schema_output.h"

#include "protocol/object_writer.h"

namespace pageturner {

void append_key_schema(std::string& out, const KeySchema& schema) {
  std::vector<std::pair<std::string_view, std::string_view>> elements;
  for (const KeyAttribute& attribute : schema.partition)
    elements.emplace_back(attribute.name, "HASH");
  for (const KeyAttribute& attribute : schema.sort) elements.emplace_back(attribute.name, "RANGE");
  append_list(out, elements, [](std::string& list, const auto& element) {
    ObjectWriter object(list);
    object.text("AttributeName", element.first);
    object.text("KeyType", element.second);
  });
}

}  // namespace pageturner
