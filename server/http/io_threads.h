// Groups of threads, each with an io_context of its own that they run.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <mutex>
#include <thread>
#include <vector>

namespace pageturner {

// Threads that run one io_context until join(). A handler that throws is logged; it ends neither
// the thread nor the process.
class IoThreads {
 public:
  using Executor = boost::asio::io_context::executor_type;

  explicit IoThreads(unsigned count);
  // Requires: join() has returned, or no thread was started.
  ~IoThreads() = default;

  // Starts the threads, if no call has started them. Returns false if the system has no thread
  // left; a later call tries again. Any thread may call it, but not after join().
  bool start();

  // Waits until nothing is left to run, and ends the threads. Requires: not called on one of them.
  void join();

  boost::asio::io_context& context() { return context_; }
  Executor executor() { return context_.get_executor(); }

 private:
  void run_handlers();

  const unsigned count_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<Executor> work_;
  std::mutex starting_;
  bool is_started_ = false;
  std::vector<std::thread> threads_;
};

// The threads of an HTTP server. docs/concurrency.md says what runs where, and why.
struct ServerThreads {
  // `io_count` threads for the requests that are answered at once.
  explicit ServerThreads(unsigned io_count);

  IoThreads front;    // one thread: accepts, and answers GET and HEAD
  IoThreads io;       // small requests, and the bytes of all others
  IoThreads large;    // requests that may take seconds of CPU; started by the first of them
  IoThreads lengthy;  // requests that wait for whole tables or files; likewise
};

}  // namespace pageturner
