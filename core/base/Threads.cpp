// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace cellproof::base {

#ifdef __linux__
namespace {

/// Nice value of work behind.
constexpr int kNiceBehind = 10;

} // namespace
#endif

int coreCount()
{
#ifdef __linux__
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) == 0)
        return std::max(1, CPU_COUNT(&set));
#endif
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void giveWay() noexcept
{
#ifdef __linux__
    // On Linux a nice value is that of a thread.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNiceBehind);
#endif
}

void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body, int threads)
{
    const auto wanted = static_cast<std::size_t>(threads > 0 ? threads : coreCount());
    const std::size_t workers = std::min(count, wanted);
    if (workers <= 1) {
        for (std::size_t i = 0; i < count; ++i)
            body(i);
        return;
    }

    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&] {
        for (;;) {
            const std::size_t i = next.fetch_add(1);
            if (i >= count)
                return;
            try {
                body(i);
            } catch (...) {
                const std::scoped_lock lock(mutex);
                if (!failure)
                    failure = std::current_exception();
                next.store(count);
                return;
            }
        }
    };
    {
        std::vector<std::jthread> helpers;
        helpers.reserve(workers - 1);
        for (std::size_t t = 1; t < workers; ++t)
            helpers.emplace_back(work);
        work();
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace cellproof::base
