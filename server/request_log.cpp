#include "server/request_log.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "protocol/arn.h"
#include "protocol/error.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "protocol/time_text.h"
#include "server/error_log.h"
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

// The lines that wait, and the thread that writes them.
class RequestLog::Writer {
 public:
  Writer(int descriptor, Format format) : descriptor_(descriptor), format_(format) {}

  void add(std::string_view line) {
    const std::lock_guard guard(mutex_);
    // Once a line was dropped, all are until the thread takes them: the line that says so is
    // written after those that waited.
    if (dropped_ > 0 || waiting_.size() + line.size() > waiting_bytes_max) {
      ++dropped_;
      return;
    }
    const bool was_empty = waiting_.empty();
    waiting_ += line;
    if (was_empty) wakes_.notify_one();
  }

  // The function of the thread.
  void run() {
    std::string lines;
    std::unique_lock guard(mutex_);
    while (true) {
      wakes_.wait(guard, [this] { return is_stopping_ || !waiting_.empty(); });
      if (waiting_.empty() && dropped_ == 0) break;
      lines.clear();
      lines.swap(waiting_);
      const std::size_t dropped = std::exchange(dropped_, 0);
      guard.unlock();
      try {
        if (dropped > 0) append_dropped(lines, dropped);
      } catch (...) {
        log_exception("a number of dropped log lines was not logged");
      }
      write(lines);
      guard.lock();
    }
    has_ended_ = true;
    ended_.notify_one();
  }

  // Waits until all lines are written. Returns false if the descriptor accepts nothing for
  // stop_milliseconds_max, or not all in ten times as long.
  bool stop() {
    std::unique_lock guard(mutex_);
    is_stopping_ = true;
    wakes_.notify_one();
    constexpr int waits_max = 10;
    for (int waits = 0; !has_ended_ && waits < waits_max; ++waits) {
      const std::size_t written = written_bytes_;
      ended_.wait_for(guard, std::chrono::milliseconds(stop_milliseconds_max),
                      [this] { return has_ended_; });
      if (written == written_bytes_) break;
    }
    return has_ended_;
  }

 private:
  void append_dropped(std::string& lines, std::size_t count) const {
    if (format_ == Format::text) {
      lines += concat(time_text(now_milliseconds()), " dropped ", count, " lines\n");
      return;
    }
    {
      ObjectWriter members(lines);
      members.text("time", time_text(now_milliseconds()));
      members.number("dropped", static_cast<std::int64_t>(count));
    }
    lines += '\n';
  }

  void write(std::string_view lines) {
    while (!lines.empty()) {
      const ssize_t written = ::write(descriptor_, lines.data(), lines.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0 && errno == EAGAIN) {  // another process has made the pipe non-blocking
        pollfd waiting{descriptor_, POLLOUT, 0};
        poll(&waiting, 1, -1);
        continue;
      }
      if (written <= 0) return;
      lines.remove_prefix(static_cast<std::size_t>(written));
      written_bytes_ += static_cast<std::size_t>(written);
    }
  }

  const int descriptor_;
  const Format format_;
  std::atomic<std::size_t> written_bytes_ = 0;
  std::mutex mutex_;  // guards the following members
  std::condition_variable wakes_;
  std::condition_variable ended_;
  std::string waiting_;
  std::size_t dropped_ = 0;  // after the lines that wait
  bool is_stopping_ = false;
  bool has_ended_ = false;
};

RequestLog::RequestLog(int descriptor, Format format)
    : format_(format), writer_(std::make_shared<Writer>(descriptor, format)) {
  std::thread([writer = writer_] { writer->run(); }).detach();
}

RequestLog::~RequestLog() { writer_->stop(); }

void RequestLog::write(const RequestHead& head, const RequestRecord& record) {
  writer_->add(format_ == Format::json ? json_line(head, record) : text_line(head, record));
}

std::vector<std::string> table_names(const OperationSpec& operation, JsonValue body) {
  std::vector<std::string> names;
  add_named(names, body);
  if (const auto creation = body.find("TableCreationParameters")) add_named(names, *creation);
  if (const auto items = body.find("RequestItems")) {
    for (const auto& [name, value] : items->members()) {
      if (names.size() == logged_tables_max) break;
      add_name(names, name);
    }
  }
  std::size_t left = logged_tables_max;
  for (const JsonValue element : body.elements_of("TransactItems")) {
    if (left-- == 0) break;
    for (const auto& [kind, action] : element.members()) {
      if (names.size() == logged_tables_max) break;
      std::vector<std::string> named;
      add_named(named, action);
      if (!named.empty()) add_name(names, named.front());
    }
  }
  const bool has_statements =
      body.find("Statement") || body.find("Statements") || body.find("TransactStatements");
  // The statement parser requires that all types and lengths are correct.
  if (!names.empty() || !has_statements || !check_types(body, *operation.input) ||
      !meets_constraints(body, *operation.input)) {
    return names;
  }
  if (body.find("Statement")) add_statement(names, body);
  for (const char* list : {"Statements", "TransactStatements"}) {
    for (const JsonValue statement : body.elements_of(list)) add_statement(names, statement);
  }
  return names;
}

}  // namespace pageturner
