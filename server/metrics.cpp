#include "server/metrics.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/process_memory.h"
#include "server/version.h"
#include "storage/database.h"

namespace pageturner {
namespace {

// The bounds of the histogram, in microseconds: a GetItem takes about ten, a page of 1 MB some
// hundred, a large import seconds.
constexpr std::array<std::int64_t, 16> bucket_microseconds = {
    10,    25,     50,     100,     250,     500,       1'000,     2'500,
    5'000, 10'000, 25'000, 100'000, 250'000, 1'000'000, 2'500'000, 10'000'000};

// The possible outcomes of a request: success, an error of the service, or one of these statuses,
// for which there is no error type; other statuses are counted as the last one.
constexpr std::array<unsigned, 5> plain_statuses = {404, 413, 431, 501, 400};
constexpr std::size_t error_types = static_cast<std::size_t>(ErrorType::validation) + 1;
constexpr std::size_t outcomes = 1 + error_types + plain_statuses.size();

std::size_t outcome_of(const RequestRecord& record) {
  if (record.error) return 1 + static_cast<std::size_t>(*record.error);
  if (record.status == 200) return 0;
  const auto found = std::find(plain_statuses.begin(), plain_statuses.end() - 1, record.status);
  return 1 + error_types + static_cast<std::size_t>(found - plain_statuses.begin());
}

struct Outcome {
  unsigned status;
  std::string_view error;
};

Outcome outcome_at(std::size_t index) {
  if (index == 0) return {200, ""};
  if (index > error_types) return {plain_statuses[index - 1 - error_types], ""};
  const ErrorTypeInfo& row = error_type_info(static_cast<ErrorType>(index - 1));
  return {row.http_status, row.name};
}

// The name of an operation by its number. All requests without a known operation share the last
// number.
std::string_view operation_name(std::size_t number) {
  return number < all_operations().size() ? all_operations()[number].name : "none";
}

std::size_t row_count() { return all_operations().size() + 1; }

// A number of this thread, for an even distribution of threads over the sets of counters.
std::size_t thread_number() {
  static std::atomic<std::size_t> threads = 0;
  thread_local const std::size_t number = threads++;
  return number;
}

template <class Number>
void append_figure(std::string& out, Number number) {
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

void append_family(std::string& out, std::string_view name, std::string_view type,
                   std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help);
  out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

// `labels` is the text between the braces. No label value needs escaping: they are names of
// operations, errors and tables.
template <class Number>
void append_sample(std::string& out, std::string_view name, std::string_view labels,
                   Number number) {
  out += name;
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out += ' ';
  append_figure(out, number);
  out += '\n';
}

template <class Number>
void append_gauge(std::string& out, std::string_view name, std::string_view help, Number number) {
  append_family(out, name, "gauge", help);
  append_sample(out, name, "", number);
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name).append("=\"").append(value).append("\"");
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void append_process(std::string& out) {
  append_family(out, "pageturner_build_info", "gauge", "The version that runs.");
  append_sample(out, "pageturner_build_info", label("version", pageturner_version()), 1);
  append_gauge(out, "process_resident_memory_bytes", "Resident memory of the process.",
               resident_bytes());
  append_family(out, "process_cpu_seconds_total", "counter",
                "User and system time that the process has used.");
  append_sample(out, "process_cpu_seconds_total", "", processor_seconds());
}

void append_database(std::string& out, Database& database) {
  const Catalog& catalog = database.catalog();
  const auto names = catalog.names("", std::numeric_limits<std::size_t>::max());
  append_gauge(out, "pageturner_tables", "Tables.", names.size());
  std::string items;
  std::string bytes;
  for (const std::string& name : names) {
    const TablePointer table = catalog.find(name);
    if (table == nullptr) continue;  // deleted concurrently
    const std::string labels = label("table", name);
    append_sample(items, "pageturner_items", labels, table->counters->item_count.load());
    append_sample(bytes, "pageturner_item_bytes", labels, table->counters->size_bytes.load());
  }
  append_family(out, "pageturner_items", "gauge", "Items of a table.");
  out += items;
  append_family(out, "pageturner_item_bytes", "gauge",
                "Size of a table's items as DynamoDB counts it.");
  out += bytes;
  append_gauge(out, "pageturner_memory_bytes",
               "Memory of the data and of all records that outlive a request.",
               database.engine().size_bytes());
  append_gauge(out, "pageturner_memory_max_bytes",
               "What --max-memory allows the data; 0: no ceiling.",
               database.options().max_memory_bytes);
}

}  // namespace

// The counters of one operation.
struct Metrics::Counts {
  using Number = std::atomic<std::uint64_t>;
  std::array<Number, outcomes> by_outcome{};
  std::array<Number, bucket_microseconds.size() + 1> by_duration{};  // the last: above all bounds
  Number nanoseconds = 0;

  Counts() = default;
  Counts(const Counts& other) { *this += other; }
  Counts& operator=(const Counts&) = delete;

  Counts& operator+=(const Counts& other) {
    const auto add = [](Number& to, const Number& from) {
      to.fetch_add(from.load(std::memory_order_relaxed), std::memory_order_relaxed);
    };
    for (std::size_t i = 0; i < outcomes; ++i) add(by_outcome[i], other.by_outcome[i]);
    for (std::size_t i = 0; i < by_duration.size(); ++i) add(by_duration[i], other.by_duration[i]);
    add(nanoseconds, other.nanoseconds);
    return *this;
  }
};

Metrics::Metrics() : counts_(std::make_unique<Counts[]>(shard_count * row_count())) {}

Metrics::~Metrics() = default;

void Metrics::count(const RequestRecord& record) {
  const std::size_t operation =
      record.operation == nullptr
          ? all_operations().size()
          : static_cast<std::size_t>(record.operation - all_operations().data());
  Counts& counts = counts_[thread_number() % shard_count * row_count() + operation];
  const auto add = [](std::atomic<std::uint64_t>& number, std::uint64_t value) {
    number.fetch_add(value, std::memory_order_relaxed);
  };
  const std::int64_t nanoseconds = record.duration.count();
  const auto bucket =
      std::find_if(bucket_microseconds.begin(), bucket_microseconds.end(),
                   [&](std::int64_t microseconds) { return nanoseconds <= microseconds * 1000; });
  add(counts.by_outcome[outcome_of(record)], 1);
  add(counts.by_duration[static_cast<std::size_t>(bucket - bucket_microseconds.begin())], 1);
  add(counts.nanoseconds, static_cast<std::uint64_t>(nanoseconds));
}

Metrics::Counts Metrics::sum(std::size_t operation) const {
  Counts sum;
  for (std::size_t i = 0; i < shard_count; ++i) sum += counts_[i * row_count() + operation];
  return sum;
}

void Metrics::append_requests(std::string& out) const {
  constexpr std::string_view duration = "pageturner_request_duration_seconds";
  std::string requests;
  std::string durations;
  for (std::size_t operation = 0; operation < row_count(); ++operation) {
    const Counts counts = sum(operation);
    const std::string name = label("operation", operation_name(operation));
    for (std::size_t i = 0; i < outcomes; ++i) {
      if (counts.by_outcome[i] == 0) continue;
      const Outcome outcome = outcome_at(i);
      append_sample(requests, "pageturner_requests_total",
                    concat(name, ',', label("status", std::to_string(outcome.status)), ',',
                           label("error", outcome.error)),
                    counts.by_outcome[i].load());
    }
    std::uint64_t total = 0;
    for (const auto& number : counts.by_duration) total += number;
    if (total == 0) continue;
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < bucket_microseconds.size(); ++i) {
      so_far += counts.by_duration[i];
      std::string labels = concat(name, ",le=\"");
      append_figure(labels, static_cast<double>(bucket_microseconds[i]) / 1e6);
      labels += '"';
      append_sample(durations, concat(duration, "_bucket"), labels, so_far);
    }
    append_sample(durations, concat(duration, "_bucket"), concat(name, ",le=\"+Inf\""), total);
    append_sample(durations, concat(duration, "_sum"), name,
                  static_cast<double>(counts.nanoseconds) / 1e9);
    append_sample(durations, concat(duration, "_count"), name, total);
  }
  append_family(out, "pageturner_requests_total", "counter",
                "Requests by operation, HTTP status and error type.");
  out += requests;
  append_family(out, duration, "histogram", "From the framed request to the body of its answer.");
  out += durations;
}

void Metrics::append(std::string& out, Database& database) const {
  append_process(out);
  append_requests(out);
  append_gauge(out, "pageturner_connections", "Connections that are open.", connections_.load());
  append_database(out, database);
}

}  // namespace pageturner
