// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Context.h"

#include "core/base/Error.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <unistd.h>

namespace cellproof::cli {

namespace {

constexpr int kBarWidth = 30;

/// The token that Ctrl+C sets. A second Ctrl+C ends the program at once.
base::CancelToken* tokenOfSignal = nullptr;

void stopOnSignal(int signal)
{
    tokenOfSignal->cancel();
    std::signal(signal, SIG_DFL);
}

bool standardErrorIsTerminal()
{
    return isatty(STDERR_FILENO) != 0;
}

void clearBar()
{
    if (standardErrorIsTerminal())
        std::fputs("\r\033[K", stderr);
}

/// Draws the bar at most ten times a second.
struct Bar
{
    std::mutex mutex;
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point drawn;

    void draw(double fraction, std::string_view step)
    {
        const std::scoped_lock lock(mutex);
        const auto now = std::chrono::steady_clock::now();
        if (now - drawn < std::chrono::milliseconds(100) && fraction < 1.0)
            return;
        drawn = now;
        const double done = std::clamp(fraction, 0.0, 1.0);
        const double spent = std::chrono::duration<double>(now - begun).count();
        std::string line = "\r\033[K[";
        for (int i = 0; i < kBarWidth; ++i)
            line += i < static_cast<int>(done * kBarWidth) ? '#' : '.';
        char numbers[48];
        if (done > 0.02 && spent > 1.0)
            std::snprintf(numbers, sizeof numbers, "] %3.0f %%  %.0f s left  ", done * 100.0, spent / done - spent);
        else
            std::snprintf(numbers, sizeof numbers, "] %3.0f %%  ", done * 100.0);
        line += numbers;
        line += step.substr(0, 40);
        std::fputs(line.c_str(), stderr);
        std::fflush(stderr);
    }
};

} // namespace

void Context::say(const std::string& line) const
{
    if (json)
        return;
    clearBar();
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

void Context::warn(const std::string& line) const
{
    clearBar();
    std::fprintf(stderr, "%s\n", line.c_str());
}

base::Progress Context::progress() const
{
    if (json || !standardErrorIsTerminal())
        return {};
    auto bar = std::make_shared<Bar>();
    return base::Progress([bar](double fraction, std::string_view step) { bar->draw(fraction, step); });
}

void Context::stopOnSignals()
{
    tokenOfSignal = &cancel;
    // Without SA_RESTART, so that a command that waits for input stops too.
    struct sigaction stop = {};
    stop.sa_handler = stopOnSignal;
    sigaction(SIGINT, &stop, nullptr);
    sigaction(SIGTERM, &stop, nullptr);
}

int Context::run()
{
    int code = kNotDone;
    try {
        code = action();
    } catch (const base::Cancelled&) {
        warn("Stopped. What was finished before is kept.");
        result["error"] = "stopped";
    } catch (const std::bad_alloc&) {
        warn("There was not enough memory.");
        result["error"] = "There was not enough memory.";
    } catch (const std::exception& error) {
        warn(error.what());
        result["error"] = error.what();
    }
    if (!finish()) {
        warn("The result could not be written to the standard output.");
        return kNotDone;
    }
    return code;
}

bool Context::finish() const
{
    clearBar();
    if (json)
        std::printf("%s\n", result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

} // namespace cellproof::cli
