// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace cellproof::testing {

/// Measures how long the event loop of the thread that made it takes to answer: another thread posts an event at even intervals,
/// whether the one before was answered or not, so that a long wait counts with its whole length.
class Watchdog : public QObject
{
public:
    explicit Watchdog(std::chrono::milliseconds interval = std::chrono::milliseconds(2))
        : m_ticker([this, interval] {
              auto next = Clock::now();
              while (!m_stop) {
                  QCoreApplication::postEvent(this, new Ping(Clock::now()));
                  next = std::max(next + interval, Clock::now());
                  std::this_thread::sleep_until(next);
              }
          })
    {
    }

    ~Watchdog() override { stop(); }

    /// Waits for the answers that are due.
    void stop()
    {
        if (m_stop.exchange(true))
            return;
        m_ticker.join();
        QCoreApplication::sendPostedEvents(this);
        std::ranges::sort(m_waits);
    }

    /// Milliseconds that a share of the events waited at most; after stop(). 1 for the longest wait.
    [[nodiscard]] double percentile(double share) const
    {
        return m_waits.empty() ? 0.0 : m_waits[static_cast<std::size_t>(share * static_cast<double>(m_waits.size() - 1))];
    }

    [[nodiscard]] std::string summary() const
    {
        const auto text = [this](double share) { return QString::number(percentile(share), 'f', 1).toStdString(); };
        return std::to_string(m_waits.size()) + " answers: p50 " + text(0.5) + ", p99 " + text(0.99) + ", p99.9 " + text(0.999) + ", longest " + text(1.0) +
               " ms";
    }

protected:
    bool event(QEvent* event) override
    {
        if (event->type() != Ping::kind())
            return QObject::event(event);
        m_waits.push_back(std::chrono::duration<double, std::milli>(Clock::now() - static_cast<Ping*>(event)->posted).count());
        return true;
    }

private:
    using Clock = std::chrono::steady_clock;

    struct Ping : public QEvent
    {
        explicit Ping(Clock::time_point time) : QEvent(kind()), posted(time) {}

        static Type kind()
        {
            static const auto type = static_cast<Type>(registerEventType());
            return type;
        }

        Clock::time_point posted;
    };

    std::vector<double> m_waits;
    std::atomic<bool> m_stop{false};
    std::thread m_ticker;
};

} // namespace cellproof::testing
