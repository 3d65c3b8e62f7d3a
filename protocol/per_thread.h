// Objects of single threads.
#pragma once

#include <pthread.h>

#include <memory>
#include <new>

namespace pageturner {

// An object of each thread that asks for it; deleted when the thread ends. It replaces thread_local
// objects that have destructors: glibc ends the process if it has no memory to register the
// destructor. This class throws std::bad_alloc instead. Requires: it is never destroyed before the
// process ends (a static variable), because threads may end later.
template <class T>
class PerThread {
 public:
  PerThread() {
    if (pthread_key_create(&key_, [](void* object) { delete static_cast<T*>(object); }) != 0) {
      throw std::bad_alloc();
    }
  }
  PerThread(const PerThread&) = delete;
  PerThread& operator=(const PerThread&) = delete;

  // Returns the object of this thread.
  T& get() {
    if (void* const known = pthread_getspecific(key_)) return *static_cast<T*>(known);
    auto made = std::make_unique<T>();
    if (pthread_setspecific(key_, made.get()) != 0) throw std::bad_alloc();
    return *made.release();
  }

 private:
  pthread_key_t key_ = 0;
};

}  // namespace pageturner
