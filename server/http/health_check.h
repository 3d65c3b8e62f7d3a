// Asks a running server whether it answers: for the health check of a container, which has nothing
// else in it to ask with.
#pragma once

#include <chrono>
#include <string>

#include "server/http/http_server.h"

namespace pageturner {

// Sends GET / to the server that was started with these options, on this machine, at the first of
// its addresses: where it listens on all addresses, loopback is asked. Returns nothing if the
// answer is there within `timeout` and has status 200, and otherwise what is wrong, in one line.
std::string check_health(const HttpOptions& options, std::chrono::milliseconds timeout);

}  // namespace pageturner
