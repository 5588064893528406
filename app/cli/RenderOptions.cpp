// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/RenderOptions.h"

#include "core/image/NamedLook.h"

namespace cellproof::cli {

void addRenderOptions(CLI::App& command, RenderOptions& options)
{
    command.add_option("project", options.project, "Project file")->required();
    command.add_option("--field", options.field, "Id of the field")->required();
    command.add_option("-o,--output", options.output, "PNG to write")->required();
    std::vector<std::string> looks;
    for (const image::NamedLook& look : image::namedLooks())
        looks.emplace_back(look.id);
    looks.emplace_back("side-by-side");
    command.add_option("--look", options.look, "Colours of the channels; without it, as the field was left in the window")->check(CLI::IsMember(looks));
    command.add_option("--vision", options.vision, "As seen by eyes that are normal or lack a cone")
        ->capture_default_str()
        ->check(CLI::IsMember({"normal", "protanopia", "deuteranopia", "tritanopia"}));
    command.add_option("--overlay", options.overlay, "What to draw over the image, with commas")
        ->delimiter(',')
        ->capture_default_str()
        ->check(CLI::IsMember({"none", "outlines", "nuclei", "fills", "labels", "numbers", "scale-bar"}));
    command.add_option("--width", options.width, "Width of the picture in pixels; without it, one pixel for each of the image")->check(CLI::Range(16, 32768));
    command.add_option("--region", options.region, "Part of the field, in pixels: x,y,width,height")->delimiter(',')->expected(4);
    command.add_flag("--by-class", options.byClass, "Cells in the colours of their classes");
}

} // namespace cellproof::cli
