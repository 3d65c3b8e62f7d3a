#include "server/request_log.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "protocol/arn.h"
#include "protocol/error.h"
#include "protocol/text.h"
#include "protocol/time_text.h"
#include "server/operations/operation.h"
#include "server/operations/partiql/partiql.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

// What a client calls things, fit for a line that is read: not too long, and ASCII, of which all
// names that are valid consist. What is left of control characters JSON escapes.
std::string fit_for_line(std::string_view name) {
  constexpr std::size_t bytes_max = 255;
  std::string text(name.substr(0, bytes_max));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x7F; }, '?');
  return text;
}

void add_name(std::vector<std::string>& names, std::string_view name_or_arn) {
  // The ARNs of a table's streams, backups, exports and imports go on behind its name.
  std::string_view name = table_name_of(name_or_arn);
  name = name.substr(0, name.find('/'));
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
  names.emplace_back(name);
}

// The parameters that name a table, wherever an operation has them.
void add_named(std::vector<std::string>& names, JsonValue json) {
  for (const char* parameter :
       {"TableName", "TargetTableName", "SourceTableName", "GlobalTableName", "TableArn",
        "SourceTableArn", "ResourceArn", "StreamArn", "BackupArn", "ExportArn", "ImportArn"}) {
    // A second name says where a table comes from, or where its changes go.
    if (!names.empty()) return;
    if (const auto name = json.find(parameter)) add_name(names, name->as_string());
  }
}

void add_statement(std::vector<std::string>& names, JsonValue json) {
  if (const auto statement = parse_statement_input(json)) add_name(names, statement->table);
}

// As it is where it reads well among others in a line, and as a JSON string where it does not.
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
  std::string line = time_text(now_milliseconds()) + ' ';
  if (head.method.empty()) {
    line += '-';
  } else {
    append_word(line, operation_text(head, record));
  }
  line += ' ';
  for (const std::string& table : record.tables) {
    append_word(line, table);
    line += ',';
  }
  if (record.tables.empty()) {
    line += '-';
  } else {
    line.pop_back();
  }
  const std::string_view error = error_name(record);
  line.append(" ").append(std::to_string(record.status));
  line.append(" ").append(error.empty() ? "-" : error);
  line.append(" ").append(std::to_string(record.duration.count() / 1000)).append("us ");
  return line.append(std::to_string(record.body_bytes)).append("B\n");
}

std::string json_line(const RequestHead& head, const RequestRecord& record) {
  const auto append_text = [](std::string& line, std::string_view text) {
    append_json_string(line, fit_for_line(text));
  };
  std::string line = "{\"time\":\"" + time_text(now_milliseconds()) + "\",\"operation\":";
  if (head.method.empty()) {
    line += "null";
  } else {
    append_text(line, operation_text(head, record));
  }
  line += ",\"tables\":[";
  for (const std::string& table : record.tables) {
    if (line.back() != '[') line += ',';
    append_text(line, table);
  }
  line += "],\"status\":" + std::to_string(record.status) + ",\"error\":";
  if (record.error) {
    append_text(line, error_name(record));
  } else {
    line += "null";
  }
  line += ",\"us\":" + std::to_string(record.duration.count() / 1000);
  return line + ",\"bytes\":" + std::to_string(record.body_bytes) + "}\n";
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
  // What reads statements relies on the types of all that is in them.
  if (!names.empty() || !check_types(body, *operation.input)) return names;
  if (body.find("Statement")) add_statement(names, body);
  for (const char* list : {"Statements", "TransactStatements"}) {
    for (const JsonValue statement : body.elements_of(list)) add_statement(names, statement);
  }
  return names;
}

}  // namespace pageturner
