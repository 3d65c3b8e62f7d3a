#include "storage/memory_bytes.h"

#include <vector>

#include "storage/catalog.h"

namespace pageturner {
namespace {

using pageturner::owned_bytes;  // beside the overloads for the parts of a description

template <class T>
std::size_t list_bytes(const std::vector<T>& list);

std::size_t owned_bytes(const KeyAttribute& key) { return owned_bytes(key.name); }

std::size_t owned_bytes(const KeySchema& keys) {
  return list_bytes(keys.partition) + list_bytes(keys.sort);
}

std::size_t owned_bytes(const IndexDescription& index) {
  return owned_bytes(index.name) + owned_bytes(index.key_schema) +
         list_bytes(index.projection.non_key_attributes);
}

std::size_t owned_bytes(const Tag& tag) { return owned_bytes(tag.key) + owned_bytes(tag.value); }

std::size_t owned_bytes(const ContributorInsights& insights) {
  return owned_bytes(insights.index_name) + owned_bytes(insights.mode);
}

std::size_t owned_bytes(const KinesisDestination& destination) {
  return owned_bytes(destination.stream_arn) + owned_bytes(destination.precision);
}

std::size_t owned_bytes(const TableDescription& table) {
  std::size_t bytes = owned_bytes(table.settings) + owned_bytes(table.key_schema) +
                      list_bytes(table.attribute_definitions) + list_bytes(table.indexes) +
                      list_bytes(table.deleted_indexes) + list_bytes(table.contributor_insights) +
                      list_bytes(table.kinesis_destinations);
  for (const std::string* text :
       {&table.name, &table.id, &table.stream_view_type, &table.sse_kms_key_id, &table.table_class,
        &table.time_to_live_attribute}) {
    bytes += owned_bytes(*text);
  }
  if (const auto& source = table.restored_from) {
    bytes += owned_bytes(source->backup_id) + owned_bytes(source->table_name);
  }
  return bytes;
}

template <class T>
std::size_t list_bytes(const std::vector<T>& list) {
  std::size_t bytes = list.empty() ? 0 : allocation_bytes(list.size() * sizeof(T));
  for (const T& element : list) bytes += owned_bytes(element);
  return bytes;
}

}  // namespace

std::size_t owned_bytes(const std::string& text) {
  constexpr std::size_t inside_bytes_max = 15;  // shorter texts are in the string itself
  return text.size() > inside_bytes_max ? allocation_bytes(text.size() + 1) : 0;
}

std::size_t owned_bytes(const ResourceSettings& settings) {
  std::size_t bytes = list_bytes(settings.tags);
  if (settings.policy) {
    bytes += owned_bytes(settings.policy->text) + owned_bytes(settings.policy->revision_id);
  }
  return bytes;
}

std::size_t version_bytes(const TableDescription& description) {
  constexpr std::size_t catalog_bytes = 160;  // the entry in the catalog
  std::size_t bytes = catalog_bytes + allocation_bytes(sizeof(Table)) +
                      allocation_bytes(sizeof(TableState)) + allocation_bytes(sizeof(Counters)) +
                      allocation_bytes(sizeof(description)) + owned_bytes(description) +
                      owned_bytes(description.key_schema);
  // Each index has a description of its own, and a layout with its keys and those of the table.
  bytes += list_bytes(description.indexes);
  for (const IndexDescription& index : description.indexes) {
    bytes += allocation_bytes(sizeof(Index)) + allocation_bytes(sizeof(Counters)) + sizeof(void*) +
             owned_bytes(index.key_schema) + owned_bytes(description.key_schema);
  }
  return bytes;
}

}  // namespace pageturner
