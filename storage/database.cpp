#include "storage/database.h"

#include <mutex>

#include "protocol/model/shape.h"
#include "storage/engine/memory_engine.h"

namespace ddb {

Database::Database() : Database(std::make_unique<MemoryEngine>()) {}

Database::Database(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

Result<TablePointer> Database::find_table(std::string_view name_or_arn) const {
  TablePointer table = catalog_.find(table_name_of(name_or_arn));
  if (table == nullptr) return table_not_found();
  return table;
}

TablePointer Database::drop_table(std::string_view name) {
  TablePointer table = catalog_.remove(name);
  if (table == nullptr) return nullptr;
  const std::unique_lock guard(table->lifetime_lock);
  table->dropped = true;
  WriteBatch batch;
  batch.erase_range(space_range(table->layout.space));
  for (const auto& index : table->indexes) batch.erase_range(space_range(index->layout.space));
  engine_->commit(std::move(batch));
  return table;
}

Error table_not_found() { return {ErrorType::resource_not_found, "Requested resource not found"}; }

}  // namespace ddb
