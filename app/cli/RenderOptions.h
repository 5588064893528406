// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace cellproof::cli {

/// What `cellproof-cli render` is asked for; the command line checks it, cellproof-render draws.
struct RenderOptions
{
    std::string project;
    std::string field;
    std::string output;
    std::string look;                                                       ///< empty: as the field was left in the window
    std::string vision = "normal";                                          ///< eyes to simulate
    std::vector<std::string> overlay = {"outlines", "nuclei", "scale-bar"}; ///< or {"none"}
    int width = 0;                                                          ///< of the picture, in pixels; 0: one to a pixel of the image
    std::vector<int> region;                                                ///< x, y, width, height in pixels of the image; empty: all
    bool byClass = false;
};

/// Declares the options on a command.
void addRenderOptions(CLI::App& command, RenderOptions& options);

} // namespace cellproof::cli
