#pragma once

#include <mutex>

#if defined(__clang__)
#define EDDY_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define EDDY_THREAD_ANNOTATION(x)
#endif

#define EDDY_GUARDED_BY(mutex) EDDY_THREAD_ANNOTATION(guarded_by(mutex))
#define EDDY_REQUIRES(...) EDDY_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))

namespace eddy {

/// std::mutex that clang's thread-safety analysis understands. Works with std::condition_variable_any.
class EDDY_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() EDDY_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() EDDY_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  bool try_lock() EDDY_THREAD_ANNOTATION(try_acquire_capability(true)) { return mutex_.try_lock(); }

 private:
  std::mutex mutex_;
};

/// Holds a Mutex for a scope, less what lies between unlock() and lock(). std::condition_variable_any can
/// wait on it; wait in a loop, `while (!condition) changed.wait(lock);`, because the analysis takes a
/// predicate for a function that holds nothing.
class EDDY_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) EDDY_THREAD_ANNOTATION(acquire_capability(mutex)) : lock_(mutex) {}
  ~MutexLock() EDDY_THREAD_ANNOTATION(release_capability()) = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void lock() EDDY_THREAD_ANNOTATION(acquire_capability()) { lock_.lock(); }
  void unlock() EDDY_THREAD_ANNOTATION(release_capability()) { lock_.unlock(); }

 private:
  std::unique_lock<Mutex> lock_;
};

}  // namespace eddy
