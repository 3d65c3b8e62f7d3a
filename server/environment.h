// Names of environment variables: those of the flags, and those of other programs.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pageturner {

// The prefix of all variables of the binary.
inline constexpr std::string_view variable_prefix = "PAGETURNER_";

// Returns the variable of `flag`: "PAGETURNER_MAX_MEMORY" for "--max-memory".
std::string variable_of(std::string_view flag);

// Whether a variable that begins with variable_prefix is meant for another program: Kubernetes sets
// some for a service called pageturner or pageturner-something, and the tests, benchmarks and
// examples of this project read some.
//
// Kubernetes sets, in all containers of the namespace:
//
//   PAGETURNER_SERVICE_HOST=10.0.0.1
//   PAGETURNER_SERVICE_PORT=8010
//   PAGETURNER_SERVICE_PORT_HTTP=8010
//   PAGETURNER_PORT=tcp://10.0.0.1:8010
//   PAGETURNER_PORT_8010_TCP=tcp://10.0.0.1:8010
//   PAGETURNER_PORT_8010_TCP_PROTO=tcp
//   PAGETURNER_PORT_8010_TCP_PORT=8010
//   PAGETURNER_PORT_8010_TCP_ADDR=10.0.0.1
//
// Source: documentation of Kubernetes, "Service", Environment variables.
bool is_foreign_variable(std::string_view variable, std::string_view value);

// Returns the name in `known` that is nearest to `variable`: with the fewest characters to insert,
// remove or replace. Empty if these are more than half of the longer name, without the prefix, for
// each of them.
std::string_view nearest_variable(std::string_view variable, std::span<const std::string> known);

}  // namespace pageturner
