// The command line: our own flags, and those of DynamoDB Local as they are.
#pragma once

#include <cstdint>
#include <string>

#include "server/access_keys.h"
#include "server/http/http_server.h"
#include "server/request_log.h"
#include "server/service.h"
#include "storage/database.h"

namespace pageturner {

// Where DynamoDB Local listens if not told otherwise.
inline constexpr std::uint16_t dynamodb_local_port = 8000;

struct Flags {
  HttpOptions http;
  bool has_port = false;  // whether the command line says which
  DatabaseOptions database;
  ServiceOptions service;
  AccessKeySources access_keys = access_keys_of_environment();
  unsigned time_to_live_sweep_milliseconds = 500;
  bool logs_requests = false;
  RequestLog::Format log_format = RequestLog::Format::text;
  bool wants_help = false;
  bool wants_version = false;
};

// Reads the command line, as main() has it, into `flags`. Returns in one line what is wrong with
// it, or nothing.
//
// Flags with one dash are those of DynamoDB Local. Where there is one and no port is given the port
// is DynamoDB Local's 8000. Source: guide, "DynamoDB local usage notes", Command line options.
std::string read_flags(int count, char** arguments, Flags& flags);

// What --help prints.
std::string help_text();

}  // namespace pageturner
