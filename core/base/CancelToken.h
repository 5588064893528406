// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <atomic>
#include <memory>

namespace cellproof::base {

/// A flag shared by who may ask to stop and by the loops that obey. Copies share the flag. Thread-safe.
class CancelToken
{
public:
    CancelToken() : m_cancelled(std::make_shared<std::atomic<bool>>(false)) {}

    /// Asks every holder of a copy to stop. Cannot be taken back.
    void cancel() const noexcept { m_cancelled->store(true, std::memory_order_relaxed); }

    [[nodiscard]] bool isCancelled() const noexcept { return m_cancelled->load(std::memory_order_relaxed); }

    /// Throws Cancelled once cancel() was called. Long loops call it at least every 50 ms.
    void throwIfCancelled() const
    {
        if (isCancelled())
            throw Cancelled();
    }

private:
    std::shared_ptr<std::atomic<bool>> m_cancelled;
};

} // namespace cellproof::base
