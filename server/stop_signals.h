// The signals that stop a server process.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace pageturner {

// Blocks SIGINT and SIGTERM, so that sigwait() can receive them, and ignores SIGPIPE. Requires (not
// checked): no other thread exists yet, so that all threads inherit it. Returns the blocked
// signals.
inline sigset_t block_stop_signals() {
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGINT);
  sigaddset(&stop_signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return stop_signals;
}

}  // namespace pageturner
