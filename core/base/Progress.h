// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string_view>
#include <utility>

namespace cellproof::base {

/// Where a long operation tells how far it is. Cheap to copy; an empty one swallows reports. The receiver is called on
/// the thread that reports, so it must be thread-safe where several threads share it.
class Progress
{
public:
    /// Receives the fraction done in [0, 1] and a short word for the step under way.
    using Receiver = std::function<void(double fraction, std::string_view step)>;

    Progress() = default;
    explicit Progress(Receiver receiver) : m_receiver(std::move(receiver)) {}

    void report(double fraction, std::string_view step = {}) const
    {
        if (m_receiver)
            m_receiver(m_from + (m_to - m_from) * fraction, step);
    }

    /// A progress whose 0..1 is from..to of this one: for one step of several.
    [[nodiscard]] Progress part(double from, double to) const
    {
        Progress result = *this;
        result.m_from = m_from + (m_to - m_from) * from;
        result.m_to = m_from + (m_to - m_from) * to;
        return result;
    }

private:
    Receiver m_receiver;
    double m_from = 0.0;
    double m_to = 1.0;
};

} // namespace cellproof::base
