// The backups of tables, those that are gone included.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "protocol/table_description.h"
#include "storage/key_codec.h"
#include "storage/record_log.h"

namespace ddb {

// A table as it was.
struct Backup {
  std::string id;  // the last part of its ARN; later backups have later ids
  std::string name;
  std::int64_t created_milliseconds = 0;
  TableDescription table;
  std::int64_t item_count = 0;
  std::int64_t size_bytes = 0;
  SpaceId space = 0;  // where its items are
};

using BackupPointer = std::shared_ptr<const Backup>;

using BackupLog = RecordLog<Backup>;

}  // namespace ddb
