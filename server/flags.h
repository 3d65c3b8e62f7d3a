// The settings of the process: the command line, with our own flags and those of DynamoDB Local,
// and the environment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pageturner/access_key.h"
#include "server/http/http_server.h"
#include "server/request_log.h"
#include "server/service.h"
#include "storage/database.h"

namespace pageturner {

// The default port of DynamoDB Local.
inline constexpr std::uint16_t dynamodb_local_port = 8000;

struct Flags {
  HttpOptions http;
  bool has_port = false;  // whether a flag or a variable sets it
  DatabaseOptions database;
  ServiceOptions service;  // with all access keys, but without a log
  AccessKey access_key;    // of --access-key and --secret-key
  unsigned time_to_live_sweep_milliseconds = 500;
  bool logs_requests = false;
  RequestLog::Format log_format = RequestLog::Format::text;
  bool wants_help = false;
  bool wants_version = false;
  std::vector<std::string> warnings;  // a line each
};

// Reads the command line, in the form of main(), and the environment, in the form of `environ`
// ("NAME=value", terminated by a null pointer), into `flags`. Requires: `flags` has the defaults.
// Returns an empty string, or one line with the error.
//
// Each flag that takes a value has a variable, PAGETURNER_MAX_MEMORY for --max-memory. A flag wins:
// its variable is not read. An empty variable counts as not set, because Docker Compose passes
// unset variables on as empty ones. An unknown variable PAGETURNER_… adds a warning, unless it is
// one that others set (is_foreign_variable). With --help or --version the environment is not read.
//
// Flags with one dash are those of DynamoDB Local. If there is one and no port is set, the port is
// DynamoDB Local's 8000. Source: guide, "DynamoDB local usage notes", Command line options.
std::string read_flags(int count, char** arguments, char** environment, Flags& flags);

// The text that --help prints.
std::string help_text();

}  // namespace pageturner
