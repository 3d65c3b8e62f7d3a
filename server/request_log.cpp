#include "server/request_log.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "protocol/arn.h"
#include "protocol/error.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "protocol/time_text.h"
#include "server/operations/operation.h"
#include "server/operations/partiql/partiql.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

// Makes a name from a client fit for a line: limits its size, and replaces all but ASCII, which all
// valid names consist of. JSON escapes the remaining control characters.
std::string fit_for_line(std::string_view name) {
  constexpr std::size_t bytes_max = 255;
  std::string text(name.substr(0, bytes_max));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x7F; }, '?');
  return text;
}

void add_name(std::vector<std::string>& names, std::string_view name_or_arn) {
  // The ARNs of a table's streams, backups, exports and imports continue after its name.
  std::string_view name = table_name_of(name_or_arn);
  name = name.substr(0, name.find('/'));
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
  names.emplace_back(name);
}

// The parameters that name a table in any operation.
void add_named(std::vector<std::string>& names, JsonValue json) {
  for (const char* parameter :
       {"TableName", "TargetTableName", "SourceTableName", "GlobalTableName", "TableArn",
        "SourceTableArn", "ResourceArn", "StreamArn", "BackupArn", "ExportArn", "ImportArn"}) {
    // A second name is the source of a table, or the destination of its changes.
    if (!names.empty()) return;
    if (const auto name = json.find(parameter)) add_name(names, name->as_string());
  }
}

void add_statement(std::vector<std::string>& names, JsonValue json) {
  if (const auto statement = parse_statement_input(json)) add_name(names, statement->table);
}

// Appends a name unquoted if it contains only harmless characters, otherwise as a JSON string.
void append_word(std::string& line, std::string_view name) {
  const auto is_plain = [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("_.-/:?=&").find(c) != std::string_view::npos;
  };
  const std::string word = fit_for_line(name);
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) {
    line += word;
  } else {
    append_json_string(line, word);
  }
}

std::string operation_text(const RequestHead& head, const RequestRecord& record) {
  if (record.operation != nullptr) return std::string(record.operation->name);
  if (!head.target.empty()) return std::string(head.target);
  return std::string(head.method).append(" ").append(head.path);
}

std::string_view error_name(const RequestRecord& record) {
  return record.error ? error_type_info(*record.error).name : std::string_view();
}

std::string text_line(const RequestHead& head, const RequestRecord& record) {
  std::string line = concat(time_text(now_milliseconds()), ' ');
  if (head.method.empty()) {
    line += '-';
  } else {
    append_word(line, operation_text(head, record));
  }
  line += ' ';
  append_joined(line, record.tables, ",", append_word);
  if (record.tables.empty()) line += '-';
  const std::string_view error = error_name(record);
  line.append(" ").append(std::to_string(record.status));
  line.append(" ").append(error.empty() ? "-" : error);
  line.append(" ").append(std::to_string(record.duration.count() / 1000)).append("us ");
  return line.append(std::to_string(record.body_bytes)).append("B\n");
}

std::string json_line(const RequestHead& head, const RequestRecord& record) {
  std::string line;
  {
    ObjectWriter members(line);
    members.text("time", time_text(now_milliseconds()));
    if (head.method.empty()) {
      members.null("operation");
    } else {
      members.text("operation", fit_for_line(operation_text(head, record)));
    }
    append_list(members.member("tables"), record.tables,
                [](std::string& out, std::string_view name) {
                  append_json_string(out, fit_for_line(name));
                });
    members.number("status", record.status);
    if (record.error) {
      members.text("error", error_name(record));
    } else {
      members.null("error");
    }
    members.number("us", record.duration.count() / 1000);
    members.number("bytes", static_cast<std::int64_t>(record.body_bytes));
  }
  return line += '\n';
}

}  // namespace

void RequestLog::write(const RequestHead& head, const RequestRecord& record) {
  const std::string line =
      format_ == Format::json ? json_line(head, record) : text_line(head, record);
  std::string_view rest = line;
  const std::lock_guard guard(mutex_);
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::vector<std::string> table_names(const OperationSpec& operation, JsonValue body) {
  std::vector<std::string> names;
  add_named(names, body);
  if (const auto creation = body.find("TableCreationParameters")) add_named(names, *creation);
  if (const auto items = body.find("RequestItems")) {
    for (const auto& [name, value] : items->members()) add_name(names, name);
  }
  for (const JsonValue element : body.elements_of("TransactItems")) {
    for (const auto& [kind, action] : element.members()) {
      std::vector<std::string> named;
      add_named(named, action);
      if (!named.empty()) add_name(names, named.front());
    }
  }
  // The statement parser requires that all types are correct.
  if (!names.empty() || !check_types(body, *operation.input)) return names;
  if (body.find("Statement")) add_statement(names, body);
  for (const char* list : {"Statements", "TransactStatements"}) {
    for (const JsonValue statement : body.elements_of(list)) add_statement(names, statement);
  }
  return names;
}

}  // namespace pageturner
