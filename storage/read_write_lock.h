// A reader-writer lock that prefers waiting writers.
#pragma once

#include <pthread.h>

namespace pageturner {

// Tells the processor that this thread waits in a loop.
inline void pause_thread() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// std::shared_mutex lets readers overtake a waiting writer: two busy readers starve it for seconds.
// The same POSIX lock can prefer writers, but only by an attribute that the standard class does not
// set. Meets the requirements of std::unique_lock and std::shared_lock.
//
// A thread must not lock it twice, not even shared: the second lock waits for a writer that waits
// for the first. The thread that locked it must unlock it. Locks are first taken by a try, so the
// thread sanitizer does not learn their order.
class ReadWriteLock {
 public:
  ReadWriteLock() {
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock_, &attributes);
    pthread_rwlockattr_destroy(&attributes);
  }
  ~ReadWriteLock() { pthread_rwlock_destroy(&lock_); }
  ReadWriteLock(const ReadWriteLock&) = delete;
  ReadWriteLock& operator=(const ReadWriteLock&) = delete;

  void lock() {
    if (!try_for_a_moment(pthread_rwlock_trywrlock)) pthread_rwlock_wrlock(&lock_);
  }
  void unlock() { pthread_rwlock_unlock(&lock_); }
  void lock_shared() {
    if (!try_for_a_moment(pthread_rwlock_tryrdlock)) pthread_rwlock_rdlock(&lock_);
  }
  void unlock_shared() { pthread_rwlock_unlock(&lock_); }

 private:
  // A thread that sleeps in the kernel and is woken needs many times as long as most threads hold a
  // lock, and makes others wait in turn: two writers were slower than one. So it retries for some
  // microseconds first.
  bool try_for_a_moment(int (*take)(pthread_rwlock_t*)) {
    constexpr int tries = 200;
    for (int i = 0; i < tries; ++i) {
      if (take(&lock_) == 0) return true;
      pause_thread();
    }
    return false;
  }

  pthread_rwlock_t lock_;
};

}  // namespace pageturner
