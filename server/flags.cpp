#include "server/flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/access_keys.h"
#include "server/environment.h"
#include "server/http/host_address.h"

namespace pageturner {
namespace {

// The delay of -delayTransientStatuses. That of DynamoDB Local is not documented. A client that
// polls every second sees the states.
constexpr std::int64_t dynamodb_local_transition_milliseconds = 2000;

// A flag: its name, its help text, and how its value is read. A library for a few flags would be
// larger than the rest of this file, and one more package to install.
struct FlagSpec {
  std::string_view name;
  std::string_view value_name;  // empty: the flag takes no value and has no variable
  std::string_view help;        // the reason for the refusal if `read` is null
  // Returns an empty string, or why the value is invalid ("must be …").
  std::string (*read)(std::string_view value, Flags& flags);
  std::string_view same_as = {};  // of a flag of DynamoDB Local: the flag with the same effect
};

// The flags that are set, each with the flag or variable that set it.
using Sources = std::map<std::string_view, std::string>;

// The value of such a flag is never printed, not even an invalid one.
constexpr std::string_view secret_value = "SECRET";

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end && !text.empty();
}

template <class Number>
std::string read_number(std::string_view text, Number min, Number max, Number& number) {
  if (parse_number(text, number) && number >= min && number <= max) return {};
  return concat("must be a number from ", min, " to ", max);
}

std::string read_text(std::string_view text, std::string& setting) {
  setting = text;
  return text.empty() ? "must not be empty" : "";
}

// A number of bytes in the form of Docker: "64m", "2g"; b, k, m and g are powers of 1,024.
bool parse_size(std::string_view text, std::size_t& bytes) {
  constexpr std::string_view units = "bkmg";
  if (text.empty()) return false;
  const auto unit = units.find(to_lower(text.back()));
  if (unit != std::string_view::npos) text.remove_suffix(1);
  const std::size_t factor = std::size_t{1} << (unit == std::string_view::npos ? 0 : 10 * unit);
  if (!parse_number(text, bytes)) return false;
  if (bytes == 0 || bytes > std::numeric_limits<std::size_t>::max() / factor) return false;
  bytes *= factor;
  return true;
}

std::string read_port(std::string_view value, Flags& flags) {
  constexpr auto port_max = std::numeric_limits<std::uint16_t>::max();
  return read_number(value, std::uint16_t{0}, port_max, flags.http.port);
}

std::string read_host(std::string_view value, Flags& flags) {
  flags.http.host = value;
  const auto hosts = parse_hosts(value);
  return hosts ? std::string() : hosts.error();
}

// Reads a list whose entries are separated by commas. Returns false if it has none.
bool read_list(std::string_view value, std::vector<std::string>& entries) {
  entries.clear();
  while (!value.empty()) {
    const std::string_view entry = trim_blanks(take_part(value, ','));
    if (!entry.empty()) entries.emplace_back(entry);
  }
  return !entries.empty();
}

// "https://a.example, b.example:3000"
std::string read_cors(std::string_view value, Flags& flags) {
  return read_list(value, flags.service.browsers.cors_origins) ? "" : "must name an origin";
}

std::string read_credentials(std::string_view value, Flags& flags) {
  auto keys = read_credentials_file(std::string(value));
  if (!keys) return keys.error();
  flags.service.access_keys = std::move(*keys);
  return {};
}

std::string read_help(std::string_view, Flags& flags) {
  flags.wants_help = true;
  return {};
}

std::string read_version(std::string_view, Flags& flags) {
  flags.wants_version = true;
  return {};
}

// For flags of DynamoDB Local that change nothing here.
std::string read_nothing(std::string_view, Flags&) { return {}; }

constexpr std::array<FlagSpec, 17> flag_specs = {{
    {"--port", "PORT", "Port to listen on; 0 picks a free one. Default: 8010", read_port},
    {"--host", "ADDRESSES",
     "Addresses to listen on, separated by commas; 0.0.0.0 is all of IPv4, :: all.\n"
     "Default: localhost, which is 127.0.0.1 and ::1",
     read_host},
    {"--threads", "COUNT", "Threads that answer requests. Default: one for each core",
     [](std::string_view value, Flags& flags) {
       return read_number(value, 1U, 1024U, flags.http.threads);
     }},
    {"--max-memory", "SIZE",
     "Memory that the data may take: 512m, 2g. Writes beyond it fail. Default: no limit",
     [](std::string_view value, Flags& flags) -> std::string {
       const bool is_size = parse_size(value, flags.database.max_memory_bytes);
       return is_size ? "" : "must be a size such as 512m or 2g";
     }},
    {"--stream-shards", "COUNT", "Shards of each stream. Default: 1",
     [](std::string_view value, Flags& flags) {
       return read_number(value, 1U, limits::stream_shards_max, flags.database.streams.shards);
     }},
    {"--transition-ms", "TIME",
     "Milliseconds for which tables and indexes are shown as CREATING, UPDATING and DELETING.\n"
     "Default: 0",
     [](std::string_view value, Flags& flags) {
       constexpr std::int64_t transition_max = 86'400'000;
       return read_number(value, std::int64_t{0}, transition_max,
                          flags.database.transition_milliseconds);
     }},
    {"--ttl-sweep-ms", "TIME",
     "Milliseconds between two deletions of expired items; 0 disables them. Default: 500",
     [](std::string_view value, Flags& flags) {
       return read_number(value, 0U, std::numeric_limits<unsigned>::max(),
                          flags.time_to_live_sweep_milliseconds);
     }},
    {"--s3-root", "FOLDER",
     "Folder whose subfolders are the S3 buckets of exports and imports. Default: no buckets",
     [](std::string_view value, Flags& flags) -> std::string {
       flags.service.s3_root = value;
       std::error_code ignored;
       const bool is_folder = std::filesystem::is_directory(flags.service.s3_root, ignored);
       return is_folder ? "" : "must be a folder";
     }},
    {"--access-key", "ID",
     "Accept only requests that are signed with this key. Default: any key is accepted",
     [](std::string_view value, Flags& flags) { return read_text(value, flags.access_key.id); }},
    {"--secret-key", secret_value,
     "Secret of that key. Other users of the machine see flags, but not variables",
     [](std::string_view value, Flags& flags) {
       return read_text(value, flags.access_key.secret);
     }},
    {"--credentials-file", "FILE", "File with more such keys, in the format of ~/.aws/credentials",
     read_credentials},
    {"--cors", "ORIGINS",
     "Origins whose pages in a browser may use the server, separated by commas; * is all.\n"
     "Default: localhost and its addresses, with any scheme and port",
     read_cors},
    {"--allowed-hosts", "NAMES",
     "Names by which browsers may reach the server, separated by commas; * is any.\n"
     "Default: addresses, names without a dot, *.localhost, host.docker.internal",
     [](std::string_view value, Flags& flags) -> std::string {
       return read_list(value, flags.service.browsers.allowed_hosts) ? "" : "must name a host";
     }},
    {"--log", "WHAT", "\"requests\": print a line for each request. Default: nothing is printed",
     [](std::string_view value, Flags& flags) -> std::string {
       flags.logs_requests = value == "requests";
       return flags.logs_requests ? "" : "must be \"requests\"";
     }},
    {"--log-format", "FORMAT", "Format of these lines: text or json. Default: text",
     [](std::string_view value, Flags& flags) -> std::string {
       const bool is_json = value == "json";
       flags.log_format = is_json ? RequestLog::Format::json : RequestLog::Format::text;
       return is_json || value == "text" ? "" : "must be text or json";
     }},
    {"--version", "", "Print the version", read_version},
    {"--help", "", "Print this", read_help},
}};

// The flags of DynamoDB Local, and those of Java that start it.
constexpr std::array<FlagSpec, 11> dynamodb_local_specs = {{
    {"-port", "PORT", "--port; 8000 where any of these flags is there without a port", read_port,
     "--port"},
    {"-cors", "ORIGINS", "--cors", read_cors, "--cors"},
    {"-delayTransientStatuses", "", "--transition-ms 2000",
     [](std::string_view, Flags& flags) {
       flags.database.transition_milliseconds = dynamodb_local_transition_milliseconds;
       return std::string();
     },
     "--transition-ms"},
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

// `text` in quotes, on one line.
std::string quoted(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c >= 0 && c < ' '; }, '?');
  return concat('\'', line, '\'');
}

// Sets the flag `row`; `source` is the flag or variable that gives the value. Returns as
// read_flags.
std::string set(const FlagSpec& row, const std::string& source, std::string_view value,
                Flags& flags, Sources& sources) {
  sources[row.same_as.empty() ? row.name : row.same_as] = source;
  const std::string problem = row.read(value, flags);
  if (problem.empty()) return {};
  const std::string shown = row.value_name == secret_value ? "" : concat(' ', quoted(value));
  return concat("bad ", source, shown, ": ", problem);
}

// Reads `argument`, and `next` if that is the value of its flag. Returns as read_flags.
std::string read_flag(const FlagSpec& row, std::string_view argument,
                      std::optional<std::string_view> next, bool& took_next, Flags& flags,
                      Sources& sources) {
  const std::string name(row.name);
  if (row.read == nullptr) return concat(name, ": ", row.help);
  const auto equals = argument.find('=');
  const bool has_value = equals != std::string_view::npos;
  std::string_view value;
  if (row.value_name.empty()) {
    if (has_value) return concat(name, " takes no value");
  } else if (has_value) {
    value = argument.substr(equals + 1);
  } else if (next) {
    value = *next;
    took_next = true;
  } else {
    return concat(name, " needs a value");
  }
  return set(row, name, value, flags, sources);
}

// Returns as read_flags.
std::string read_command_line(int count, char** arguments, bool& is_dynamodb_local, Flags& flags,
                              Sources& sources) {
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const std::string_view name = argument.substr(0, argument.find('='));
    const FlagSpec* row = find_spec(flag_specs, name);
    if (row == nullptr) {
      row = find_spec(dynamodb_local_specs, name);
      const bool is_ignored = row == nullptr && is_of_java(argument);
      if (row == nullptr && !is_ignored) return concat("unknown flag ", quoted(name));
      is_dynamodb_local = true;
      if (is_ignored) continue;
    }
    const auto next = i + 1 < count ? std::optional<std::string_view>(arguments[i + 1])
                                    : std::optional<std::string_view>();
    bool took_next = false;
    std::string problem = read_flag(*row, argument, next, took_next, flags, sources);
    if (!problem.empty()) return problem;
    if (took_next) ++i;
  }
  return {};
}

std::string warning_about(std::string_view variable) {
  std::vector<std::string> known;
  for (const FlagSpec& row : flag_specs) {
    if (!row.value_name.empty()) known.push_back(variable_of(row.name));
  }
  const std::string_view nearest = nearest_variable(variable, known);
  return concat("unknown variable ", quoted(variable), " is ignored; ",
                nearest.empty() ? "--help lists the known ones" : "the nearest known one is ",
                nearest);
}

// Sets the flags that the command line does not set. Returns as read_flags.
std::string read_environment(char** environment, Flags& flags, Sources& sources) {
  for (; *environment != nullptr; ++environment) {
    std::string_view value = *environment;
    if (!value.starts_with(variable_prefix)) continue;
    const std::string variable(take_part(value, '='));
    if (value.empty() || is_foreign_variable(variable, value)) continue;
    const auto row = std::find_if(flag_specs.begin(), flag_specs.end(), [&](const FlagSpec& flag) {
      return !flag.value_name.empty() && variable_of(flag.name) == variable;
    });
    if (row == flag_specs.end()) {
      flags.warnings.push_back(warning_about(variable));
    } else if (!sources.contains(row->name)) {
      std::string problem = set(*row, variable, value, flags, sources);
      if (!problem.empty()) return problem;
    }
  }
  return {};
}

// Adds the key of --access-key and --secret-key to those of the file. Returns as read_flags.
std::string add_own_access_key(Flags& flags, const Sources& sources) {
  std::string problem = add_access_key(flags.access_key, flags.service.access_keys);
  if (problem.empty()) return {};
  const auto id = sources.find("--access-key");
  return concat(id != sources.end() ? id->second : sources.at("--secret-key"), ": ", problem);
}

void append_own_rows(std::string& text) {
  constexpr std::size_t column = 30;
  for (const FlagSpec& row : flag_specs) {
    std::string flag = concat("  ", row.name);
    if (!row.value_name.empty()) {
      flag.append(" ").append(row.value_name);
      flag.resize(std::max(column, flag.size() + 1), ' ');
      flag += variable_of(row.name);
    }
    text.append(flag).append("\n");
    for (std::string_view help = row.help; !help.empty();) {
      text.append("      ").append(take_part(help, '\n')).append("\n");
    }
  }
}

void append_dynamodb_local_rows(std::string& text) {
  constexpr std::size_t column = 28;
  for (const FlagSpec& row : dynamodb_local_specs) {
    std::string flag = concat("  ", row.name, ' ', row.value_name);
    flag.resize(std::max(column, flag.size() + 1), ' ');
    text.append(flag).append(row.read == nullptr ? "refused: " : "").append(row.help).append("\n");
  }
}

}  // namespace

std::string read_flags(int count, char** arguments, char** environment, Flags& flags) {
  Sources sources;
  bool is_dynamodb_local = false;
  std::string problem = read_command_line(count, arguments, is_dynamodb_local, flags, sources);
  if (!problem.empty() || flags.wants_help || flags.wants_version) return problem;
  problem = read_environment(environment, flags, sources);
  if (!problem.empty()) return problem;
  flags.has_port = sources.contains("--port");
  if (is_dynamodb_local && !flags.has_port) flags.http.port = dynamodb_local_port;
  return add_own_access_key(flags, sources);
}

std::string help_text() {
  std::string text =
      "Usage: pageturner [flags]\n"
      "       pageturner health [flags]\n\n"
      "A local DynamoDB. \"health\" asks the server that was started with the same settings for "
      "its\n"
      "health, and exits with 0 if it answers.\n\n"
      "The environment variable beside a flag sets the same. A flag wins over its variable; an "
      "empty\n"
      "variable counts as not set.\n\n";
  append_own_rows(text);
  text += "\nThe flags of DynamoDB Local are taken as they are:\n\n";
  append_dynamodb_local_rows(text);
  return text;
}

}  // namespace pageturner
