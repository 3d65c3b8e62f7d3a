// The process: flags, signals, and a server between them.
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/limits.h"
#include "server/access_keys.h"
#include "server/expiry_sweeper.h"
#include "server/http/http_server.h"
#include "server/service.h"
#include "server/stop_signals.h"
#include "storage/database.h"

#ifndef PAGETURNER_VERSION
#define PAGETURNER_VERSION "0.0.0"
#endif

namespace ddb {
namespace {

// Exit codes, as the shell's own tools use them.
constexpr int exit_done = 0;
constexpr int exit_failed = 1;
constexpr int exit_bad_flags = 2;

struct Flags {
  HttpOptions http;
  DatabaseOptions database;
  AccessKeySources access_keys = access_keys_of_environment();
  unsigned time_to_live_sweep_milliseconds = 500;
  bool wants_help = false;
  bool wants_version = false;
};

// One row a flag: how it is written, what --help says, and how it is read. A library for a few
// flags would be larger than the rest of this file, and one more thing to install.
struct FlagRow {
  std::string_view name;
  std::string_view value_name;  // empty: takes no value
  std::string_view help;
  bool (*read)(std::string_view value, Flags& flags);  // false: a bad value
};

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end && !text.empty();
}

constexpr std::array<FlagRow, 12> flag_rows = {{
    {"--port", "PORT", "listen on this port; 0 picks a free one (8010)",
     [](std::string_view value, Flags& flags) { return read_number(value, flags.http.port); }},
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
       flags.database.s3_root = value;
       return std::filesystem::is_directory(flags.database.s3_root);
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
    {"--version", "", "print the version",
     [](std::string_view, Flags& flags) { return flags.wants_version = true; }},
    {"--help", "", "print this",
     [](std::string_view, Flags& flags) { return flags.wants_help = true; }},
}};

// Reads the command line into `flags`. Returns what is wrong with it, or nothing.
std::string read_flags(int count, char** arguments, Flags& flags) {
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const auto equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const auto row = std::find_if(flag_rows.begin(), flag_rows.end(),
                                  [&](const FlagRow& flag) { return flag.name == name; });
    if (row == flag_rows.end()) return "unknown flag '" + std::string(argument) + "'";
    std::string_view value;
    if (row->value_name.empty()) {
      if (equals != std::string_view::npos) return std::string(name) + " takes no value";
    } else if (equals != std::string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (++i < count) {
      value = arguments[i];
    } else {
      return std::string(name) + " needs a value";
    }
    if (!row->read(value, flags))
      return "bad " + std::string(name) + " '" + std::string(value) + "'";
  }
  return {};
}

void print_help() {
  std::puts("Usage: pageturner [flags]\n\nA DynamoDB emulator.\n");
  for (const FlagRow& row : flag_rows) {
    const std::string flag = std::string(row.name) + ' ' + std::string(row.value_name);
    std::printf("  %-24s %.*s\n", flag.c_str(), static_cast<int>(row.help.size()), row.help.data());
  }
}

// A connection is a descriptor, and the usual soft limit of 1,024 is soft so that programs which do
// not use select() may pass it.
void raise_descriptor_limit() {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return;
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);  // where it fails, the old limit will do
}

std::string url(const HttpOptions& options, unsigned port) {
  std::string host = options.host == "127.0.0.1" ? "localhost" : options.host;
  if (host.find(':') != std::string::npos) host = '[' + host + ']';
  return "http://" + host + ':' + std::to_string(port);
}

int complain(const std::string& problem) {
  std::fprintf(stderr, "pageturner: %s (--help lists the flags)\n", problem.c_str());
  return exit_bad_flags;
}

// Serves until SIGINT or SIGTERM. Returns the exit code.
int serve(const Flags& flags, const std::vector<AccessKey>& access_keys) {
  const sigset_t stop_signals = block_stop_signals();
  raise_descriptor_limit();

  Database database(flags.database);
  Service service(database, access_keys);
  ExpirySweeper sweeper(database, std::chrono::milliseconds(flags.time_to_live_sweep_milliseconds));
  auto server = HttpServer::start(service, flags.http);
  if (!server) {
    std::fprintf(stderr, "pageturner: %s\n", server.error().c_str());
    return exit_failed;
  }
  sweeper.start();
  std::printf("Pageturner " PAGETURNER_VERSION " listens on %s\n",
              url(flags.http, (*server)->port()).c_str());
  std::fflush(stdout);

  int received = 0;
  sigwait(&stop_signals, &received);
  // A second signal ends the process at once, for whoever does not want to wait.
  pthread_sigmask(SIG_UNBLOCK, &stop_signals, nullptr);
  (*server)->stop();
  sweeper.stop();
  return exit_done;
}

int run(int count, char** arguments) {
  Flags flags;
  if (const std::string problem = read_flags(count, arguments, flags); !problem.empty()) {
    return complain(problem);
  }
  if (flags.wants_help) {
    print_help();
  } else if (flags.wants_version) {
    std::puts("Pageturner " PAGETURNER_VERSION);
  } else {
    const auto access_keys = load_access_keys(flags.access_keys);
    if (!access_keys) return complain(access_keys.error());
    return serve(flags, *access_keys);
  }
  return exit_done;
}

}  // namespace
}  // namespace ddb

int main(int count, char** arguments) { return ddb::run(count, arguments); }
