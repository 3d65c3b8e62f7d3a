// How a process that serves is told to stop.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace pageturner {

// Blocks SIGINT and SIGTERM, for sigwait() to get them, and ignores SIGPIPE. To be called before
// there are threads, so that they all inherit it. Gives the signals that are blocked.
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
