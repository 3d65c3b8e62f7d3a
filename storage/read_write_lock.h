// A lock for many readers or one writer in which a waiting writer goes first.
#pragma once

#include <pthread.h>

namespace pageturner {

// std::shared_mutex lets readers pass a waiting writer: two busy readers starve it for seconds. The
// same POSIX lock can prefer writers, but only by an attribute the standard class does not set.
// Meets the requirements of std::unique_lock and std::shared_lock. A thread must not take it twice.
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
  // A thread that waits in the kernel and is woken takes many times as long as most hold a lock,
  // and has others wait for it in turn: two writers came to less than one. So it asks again for
  // some microseconds first.
  bool try_for_a_moment(int (*take)(pthread_rwlock_t*)) {
    constexpr int tries = 200;
    for (int i = 0; i < tries; ++i) {
      if (take(&lock_) == 0) return true;
      pause();
    }
    return false;
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  pthread_rwlock_t lock_;
};

}  // namespace pageturner
