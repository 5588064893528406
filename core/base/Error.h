// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace cellproof::base {

/// Root of all exceptions that Cellproof throws. The message is one sentence that a biologist can act on: it names
/// the file, field or value concerned and the reason. It is shown at the edge only (window, command line).
class Error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Thrown by CancelToken::throwIfCancelled(): the user asked to stop. Not a failure; nothing is to be reported.
class Cancelled : public Error
{
public:
    Cancelled() : Error("The operation was cancelled.") {}
};

} // namespace cellproof::base
