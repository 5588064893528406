// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Memory.h"

#include <algorithm>
#include <fstream>

#ifdef __linux__
#include <unistd.h>
#endif

namespace cellproof::base {

std::uint64_t memorySize()
{
    std::uint64_t bytes = std::uint64_t(1) << 30;
#ifdef __linux__
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long page = ::sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0)
        bytes = std::uint64_t(pages) * std::uint64_t(page);
    std::uint64_t limit = 0;
    if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit && limit > 0) // "max" where there is none
        bytes = std::min(bytes, limit);
#endif
    return bytes;
}

} // namespace cellproof::base
