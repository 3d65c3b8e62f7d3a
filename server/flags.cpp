#include "server/flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

// How long -delayTransientStatuses delays; AWS does not say how long DynamoDB Local does. Who polls
// every second sees the states.
constexpr std::int64_t dynamodb_local_transition_milliseconds = 2000;

// One row a flag: how it is written, what --help says, and how it is read. A library for a few
// flags would be larger than the rest of this file, and one more thing to install.
struct FlagSpec {
  std::string_view name;
  std::string_view value_name;                         // empty: takes no value
  std::string_view help;                               // with nothing to read: why it is refused
  bool (*read)(std::string_view value, Flags& flags);  // false: a bad value
};

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end && !text.empty();
}

// A number of bytes, as Docker has it: "64m", "2g"; b, k, m and g stand for powers of 1,024.
bool read_size(std::string_view text, std::size_t& bytes) {
  constexpr std::string_view units = "bkmg";
  if (text.empty()) return false;
  const auto unit = units.find(to_lower(text.back()));
  if (unit != std::string_view::npos) text.remove_suffix(1);
  const std::size_t factor = std::size_t{1} << (unit == std::string_view::npos ? 0 : 10 * unit);
  if (!read_number(text, bytes)) return false;
  if (bytes == 0 || bytes > std::numeric_limits<std::size_t>::max() / factor) return false;
  bytes *= factor;
  return true;
}

// "https://a.example, b.example:3000"
bool read_list(std::string_view text, std::vector<std::string>& entries) {
  entries.clear();
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view entry = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (!entry.empty()) entries.emplace_back(entry);
  }
  return !entries.empty();
}

bool read_port(std::string_view value, Flags& flags) { return read_number(value, flags.http.port); }

bool read_cors(std::string_view value, Flags& flags) {
  return read_list(value, flags.service.cors_origins);
}

bool read_help(std::string_view, Flags& flags) { return flags.wants_help = true; }

bool read_version(std::string_view, Flags& flags) { return flags.wants_version = true; }

// What we do anyway, or have nothing of.
bool read_nothing(std::string_view, Flags&) { return true; }

constexpr std::array<FlagSpec, 16> flag_specs = {{
    {"--port", "PORT", "listen on this port; 0 picks a free one (8010)", read_port},
    {"--host", "ADDRESS", "listen on this address; 0.0.0.0 for all (127.0.0.1)",
     [](std::string_view value, Flags& flags) {
       flags.http.host = value;
       return !value.empty();
     }},
    {"--threads", "COUNT", "threads that answer requests (one for each core)",
     [](std::string_view value, Flags& flags) {
       static constexpr unsigned threads_max = 1024;
       return read_number(value, flags.http.threads) && flags.http.threads > 0 &&
              flags.http.threads <= threads_max;
     }},
    {"--max-memory", "SIZE", "what the data may take: 512m, 2g; writes beyond it fail (no ceiling)",
     [](std::string_view value, Flags& flags) {
       return read_size(value, flags.database.max_memory_bytes);
     }},
    {"--stream-shards", "COUNT", "shards of each stream (1)",
     [](std::string_view value, Flags& flags) {
       return read_number(value, flags.database.streams.shards) &&
              flags.database.streams.shards > 0 &&
              flags.database.streams.shards <= limits::stream_shards_max;
     }},
    {"--transition-ms", "TIME",
     "show tables and indexes as CREATING, UPDATING, DELETING so long (0)",
     [](std::string_view value, Flags& flags) {
       static constexpr std::int64_t transition_max = 86'400'000;
       std::int64_t& transition = flags.database.transition_milliseconds;
       return read_number(value, transition) && transition >= 0 && transition <= transition_max;
     }},
    {"--ttl-sweep-ms", "N", "look for expired items every N milliseconds; 0: never (500)",
     [](std::string_view value, Flags& flags) {
       return read_number(value, flags.time_to_live_sweep_milliseconds);
     }},
    {"--s3-root", "FOLDER",
     "the folder whose folders are the buckets of exports and imports (none)",
     [](std::string_view value, Flags& flags) {
       flags.service.s3_root = value;
       return std::filesystem::is_directory(flags.service.s3_root);
     }},
    {"--access-key", "ID", "take only requests that are signed with this key (any will do)",
     [](std::string_view value, Flags& flags) {
       flags.access_keys.access_key = value;
       return !value.empty();
     }},
    {"--secret-key", "SECRET", "the secret of that key; see PAGETURNER_SECRET_KEY in the README",
     [](std::string_view value, Flags& flags) {
       flags.access_keys.secret_key = value;
       return !value.empty();
     }},
    {"--credentials-file", "FILE", "more such keys, in the form of ~/.aws/credentials",
     [](std::string_view value, Flags& flags) {
       flags.access_keys.credentials_file = value;
       return !value.empty();
     }},
    {"--cors", "ORIGINS", "whose pages in a browser may read answers: a,b,c (*)", read_cors},
    {"--log", "WHAT", "\"requests\": print a line for each request (nothing)",
     [](std::string_view value, Flags& flags) {
       flags.logs_requests = value == "requests";
       return flags.logs_requests;
     }},
    {"--log-format", "FORMAT", "of these lines: text or json (text)",
     [](std::string_view value, Flags& flags) {
       if (value == "json") flags.log_format = RequestLog::Format::json;
       return value == "json" || value == "text";
     }},
    {"--version", "", "print the version", read_version},
    {"--help", "", "print this", read_help},
}};

// The flags of DynamoDB Local, and what starts it in Java.
constexpr std::array<FlagSpec, 11> dynamodb_local_specs = {{
    {"-port", "PORT", "--port; 8000 where any of these flags is there without it", read_port},
    {"-cors", "ORIGINS", "--cors", read_cors},
    {"-delayTransientStatuses", "", "--transition-ms 2000",
     [](std::string_view, Flags& flags) {
       flags.database.transition_milliseconds = dynamodb_local_transition_milliseconds;
       return true;
     }},
    {"-inMemory", "", "as it is anyway", read_nothing},
    {"-sharedDb", "", "as it is anyway", read_nothing},
    {"-disableTelemetry", "", "there is none", read_nothing},
    {"-jar", "FILE", "ignored, and so are Java's own -D... and -X...", read_nothing},
    {"-version", "", "--version", read_version},
    {"-help", "", "--help", read_help},
    {"-dbPath", "FOLDER",
     "there is no database file yet, data is kept in memory alone; start without -dbPath", nullptr},
    {"-optimizeDbBeforeStartup", "",
     "there is no database file yet that could be optimized; start without it", nullptr},
}};

// "-Djava.library.path=./DynamoDBLocal_lib", "-Xmx512m"
bool is_of_java(std::string_view argument) {
  return argument.starts_with("-D") || argument.starts_with("-X");
}

const FlagSpec* find_spec(std::span<const FlagSpec> rows, std::string_view name) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const FlagSpec& flag) { return flag.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

// Reads `argument`, and where its flag has a value that is not part of it, the next one. Returns as
// read_flags does.
std::string read_flag(const FlagSpec& row, std::string_view argument,
                      std::optional<std::string_view> next, bool& took_next, Flags& flags) {
  const std::string name(row.name);
  if (row.read == nullptr) return name + ": " + std::string(row.help);
  const auto equals = argument.find('=');
  const bool has_value = equals != std::string_view::npos;
  std::string_view value;
  if (row.value_name.empty()) {
    if (has_value) return name + " takes no value";
  } else if (has_value) {
    value = argument.substr(equals + 1);
  } else if (next) {
    value = *next;
    took_next = true;
  } else {
    return name + " needs a value";
  }
  if (!row.read(value, flags)) return "bad " + name + " '" + std::string(value) + "'";
  return {};
}

void append_specs(std::string& text, std::span<const FlagSpec> rows) {
  constexpr std::size_t column = 28;
  for (const FlagSpec& row : rows) {
    std::string flag = "  " + std::string(row.name) + ' ' + std::string(row.value_name);
    flag.resize(std::max(column, flag.size() + 1), ' ');
    text.append(flag).append(row.read == nullptr ? "refused: " : "").append(row.help).append("\n");
  }
}

}  // namespace

std::string read_flags(int count, char** arguments, Flags& flags) {
  bool is_dynamodb_local = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const std::string_view name = argument.substr(0, argument.find('='));
    const FlagSpec* row = find_spec(flag_specs, name);
    if (row == nullptr) {
      row = find_spec(dynamodb_local_specs, name);
      const bool is_ignored = row == nullptr && is_of_java(argument);
      if (row == nullptr && !is_ignored) return "unknown flag '" + std::string(argument) + "'";
      is_dynamodb_local = true;
      if (is_ignored) continue;
    }
    flags.has_port |= row->read == read_port;
    const auto next = i + 1 < count ? std::optional<std::string_view>(arguments[i + 1])
                                    : std::optional<std::string_view>();
    bool took_next = false;
    if (std::string problem = read_flag(*row, argument, next, took_next, flags); !problem.empty()) {
      return problem;
    }
    if (took_next) ++i;
  }
  if (is_dynamodb_local && !flags.has_port) flags.http.port = dynamodb_local_port;
  return {};
}

std::string help_text() {
  std::string text =
      "Usage: pageturner [flags]\n"
      "       pageturner health [flags]\n\n"
      "A DynamoDB emulator. With \"health\" it asks the one that was started with these flags "
      "whether\n"
      "it answers, and exits with 0 if it does.\n\n";
  append_specs(text, flag_specs);
  text += "\nThe flags of DynamoDB Local are taken as they are:\n\n";
  append_specs(text, dynamodb_local_specs);
  return text;
}

}  // namespace pageturner
