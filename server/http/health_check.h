// The health check of a running server, for containers whose image contains no other HTTP client.
#pragma once

#include <chrono>
#include <string>

#include "server/http/http_server.h"

namespace pageturner {

// Sends GET / to the server with these options on this machine, at the first of its addresses, or
// at loopback if that stands for all addresses. Returns an empty string if a response with status
// 200 arrives within `timeout`, and one line with the error if not.
std::string check_health(const HttpOptions& options, std::chrono::milliseconds timeout);

}  // namespace pageturner
