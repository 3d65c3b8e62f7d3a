// The process: reads settings, runs a server, handles signals.
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/error_log.h"
#include "server/expiry_sweeper.h"
#include "server/flags.h"
#include "server/http/health_check.h"
#include "server/http/host_address.h"
#include "server/http/http_server.h"
#include "server/http/memory_reserve.h"
#include "server/process_memory.h"
#include "server/request_log.h"
#include "server/service.h"
#include "server/stop_signals.h"
#include "server/version.h"
#include "storage/database.h"

namespace pageturner {
namespace {

// Exit codes, as common shell tools use them.
constexpr int exit_done = 0;
constexpr int exit_failed = 1;
constexpr int exit_bad_flags = 2;

// Raises the soft limit of descriptors to the hard one: each connection needs a descriptor. The
// usual soft limit of 1,024 exists for programs that use select().
void raise_descriptor_limit() {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return;
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);  // if it fails, the old limit remains
}

int report_usage_error(const std::string& problem) {
  std::fprintf(stderr, "pageturner: %s (--help lists the flags)\n", problem.c_str());
  return exit_bad_flags;
}

// Prints the addresses in one line and a command to try in a second one. Scripts wait for the
// first.
void print_start(const HttpOptions& options, std::uint16_t port) {
  const Hosts hosts = *parse_hosts(options.host);
  std::printf("Pageturner %s listens on %s\nTry: aws dynamodb list-tables --endpoint-url %s\n",
              std::string(pageturner_version()).c_str(), format_urls(hosts, port).c_str(),
              format_client_url(hosts, port).c_str());
  std::fflush(stdout);
}

// Starts a thread that the server can do without: if there is no memory for it, `consequence` is
// printed.
template <class Start>
void start_thread(const char* consequence, Start start) {
  try {
    start();
  } catch (...) {
    log_exception(consequence);
  }
}

// Serves until SIGINT or SIGTERM. Returns the exit code.
int serve(const Flags& flags) {
  const sigset_t stop_signals = block_stop_signals();
  signal(SIGPIPE, SIG_IGN);  // the reader of the log may exit first
  raise_descriptor_limit();
  for (const std::string& warning : flags.warnings) {
    std::fprintf(stderr, "pageturner: %s\n", warning.c_str());
  }

  install_memory_reserve();
  std::optional<RequestLog> log;
  if (flags.logs_requests) log.emplace(STDOUT_FILENO, flags.log_format);
  ServiceOptions service_options = flags.service;
  service_options.log = log ? &*log : nullptr;
  Database database(flags.database);
  Service service(database, std::move(service_options));
  ExpirySweeper sweeper(database, std::chrono::milliseconds(flags.time_to_live_sweep_milliseconds));
  auto server = HttpServer::start(service, flags.http);
  if (!server) {
    std::fprintf(stderr, "pageturner: %s\n", server.error().c_str());
    return exit_failed;
  }
  MemoryTrimmer trimmer;
  start_thread("expired items are not deleted", [&] { sweeper.start(); });
  start_thread("freed memory is not returned to the system", [&] { trimmer.start(); });
  print_start(flags.http, (*server)->port());

  int received = 0;
  sigwait(&stop_signals, &received);
  // A second signal ends the process at once. Its default action would not if this is the first
  // process of a container.
  for (const int number : {SIGINT, SIGTERM}) {
    signal(number, [](int signal_number) { _exit(128 + signal_number); });
  }
  pthread_sigmask(SIG_UNBLOCK, &stop_signals, nullptr);
  (*server)->stop();
  sweeper.stop();
  trimmer.stop();
  return exit_done;
}

// Checks the health of the server that has these settings. The health check of a container does not
// know the server's flags, so without a port it also tries the port of DynamoDB Local's flags.
// Returns the exit code.
int check_server_health(const Flags& flags) {
  constexpr std::chrono::seconds timeout(2);
  HttpOptions asked = flags.http;
  std::string problem = check_health(asked, timeout);
  if (!problem.empty() && !flags.has_port) {
    asked.port = dynamodb_local_port;
    if (check_health(asked, timeout).empty()) problem.clear();
  }
  const Hosts hosts = *parse_hosts(flags.http.host);
  if (problem.empty()) {
    std::printf("pageturner: %s is healthy\n", format_client_url(hosts, asked.port).c_str());
    return exit_done;
  }
  std::fprintf(stderr, "pageturner: %s is not healthy: %s\n",
               format_client_url(hosts, flags.http.port).c_str(), problem.c_str());
  return exit_failed;
}

int run(int count, char** arguments) {
  const bool wants_health = count > 1 && std::string_view(arguments[1]) == "health";
  if (wants_health) {
    --count;
    ++arguments;
  }
  Flags flags;
  if (const std::string problem = read_flags(count, arguments, environ, flags); !problem.empty()) {
    return report_usage_error(problem);
  }
  if (flags.wants_help) {
    std::fputs(help_text().c_str(), stdout);
  } else if (flags.wants_version) {
    std::printf("Pageturner %s\n", std::string(pageturner_version()).c_str());
  } else if (wants_health) {
    return check_server_health(flags);
  } else {
    return serve(flags);
  }
  return exit_done;
}

}  // namespace
}  // namespace pageturner

int main(int count, char** arguments) {
  try {
    return pageturner::run(count, arguments);
  } catch (...) {
    pageturner::log_exception("cannot start");
    return pageturner::exit_failed;
  }
}
