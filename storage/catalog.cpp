#include "storage/catalog.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "protocol/limits.h"

namespace ddb {
namespace {

std::vector<KeyAttribute> all_attributes(const KeySchema& schema) {
  std::vector<KeyAttribute> attributes = schema.partition;
  attributes.insert(attributes.end(), schema.sort.begin(), schema.sort.end());
  return attributes;
}

}  // namespace

bool Index::projects(std::string_view name) const {
  const auto& included = description.projection.non_key_attributes;
  return description.projection.type == ProjectionType::all || is_key_attribute(layout, name) ||
         has_attribute(layout.suffix, name) ||
         std::find(included.begin(), included.end(), name) != included.end();
}

Table::Table(TableDescription table_description, SpaceId first_space)
    : description(std::move(table_description)),
      layout{first_space, description.key_schema.partition, description.key_schema.sort, {}} {
  for (const IndexDescription& index : description.indexes) {
    auto entry = std::make_unique<Index>();
    entry->description = index;
    entry->layout = {++first_space, index.key_schema.partition, index.key_schema.sort,
                     all_attributes(description.key_schema)};
    indexes.push_back(std::move(entry));
  }
}

const Index* Table::find_index(std::string_view name) const {
  const auto found = std::find_if(indexes.begin(), indexes.end(), [&](const auto& index) {
    return index->description.name == name;
  });
  return found == indexes.end() ? nullptr : found->get();
}

Result<TablePointer> Catalog::add(TableDescription description) {
  const std::unique_lock guard(lock_);
  if (tables_.contains(description.name)) {
    return Error{ErrorType::resource_in_use, "Table already exists: " + description.name};
  }
  if (tables_.size() >= limits::tables_max) {
    return Error{ErrorType::limit_exceeded, "Subscriber limit exceeded: There is a limit of " +
                                                std::to_string(limits::tables_max) +
                                                " tables per subscriber"};
  }
  const auto spaces = static_cast<SpaceId>(1 + description.indexes.size());
  auto table = std::make_shared<const Table>(std::move(description), next_space_);
  next_space_ += spaces;
  tables_.emplace(table->description.name, table);
  return TablePointer(std::move(table));
}

TablePointer Catalog::find(std::string_view name) const {
  const std::shared_lock guard(lock_);
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second;
}

bool Catalog::remove(const TablePointer& table) {
  const std::unique_lock guard(lock_);
  const auto found = tables_.find(table->description.name);
  if (found == tables_.end() || found->second != table) return false;
  tables_.erase(found);
  return true;
}

std::vector<std::string> Catalog::names(std::string_view after, std::size_t count) const {
  const std::shared_lock guard(lock_);
  std::vector<std::string> names;
  for (auto at = tables_.upper_bound(after); at != tables_.end() && names.size() < count; ++at) {
    names.push_back(at->first);
  }
  return names;
}

}  // namespace ddb
