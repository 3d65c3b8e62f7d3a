#include "pageturner/emulator.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "protocol/limits.h"
#include "server/expiry_sweeper.h"
#include "server/http/http_server.h"
#include "server/service.h"
#include "storage/database.h"

namespace pageturner {

struct Emulator::Parts {
  explicit Parts(const EmulatorOptions& options)
      : database(DatabaseOptions{
            .transition_milliseconds = options.transition_milliseconds,
            .streams = {.shards = std::clamp(options.stream_shards, 1U, limits::stream_shards_max)},
            .max_memory_bytes = options.max_memory_bytes}),
        service(database, {.access_keys = options.access_keys, .s3_root = options.s3_root}),
        sweeper(database, std::chrono::milliseconds(options.time_to_live_sweep_milliseconds)) {}

  Database database;
  Service service;
  ExpirySweeper sweeper;
  std::unique_ptr<HttpServer> server;
};

Emulator::Emulator(const EmulatorOptions& options) : parts_(std::make_unique<Parts>(options)) {
  if (!options.http) return;
  auto server = HttpServer::start(parts_->service, {options.host, options.port, options.threads});
  if (!server) throw std::runtime_error(server.error());
  parts_->server = std::move(*server);
  parts_->sweeper.start();
}

Emulator::~Emulator() { stop(); }

std::uint16_t Emulator::port() const {
  return parts_->server != nullptr ? parts_->server->port() : std::uint16_t{0};
}

std::string Emulator::endpoint() const {
  return parts_->server != nullptr ? parts_->server->endpoint() : std::string();
}

Response Emulator::call(std::string_view operation, std::string_view body) {
  parts_->sweeper.sweep_if_due();
  Response response;
  response.http_status = parts_->service.call(operation, body, response.body);
  return response;
}

void Emulator::stop() {
  if (parts_->server == nullptr) return;
  parts_->server->stop();
  parts_->server.reset();
  parts_->sweeper.stop();
}

}  // namespace pageturner
