// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli mask encode LABELS.png                         one line a cell: id TAB EncodedMask
// cellproof-cli mask decode --width W --height H < STRINGS -o LABELS.png
#include "app/cli/Context.h"
#include "core/base/Error.h"
#include "core/exchange/MaskFiles.h"
#include "core/mask/RunLength.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <set>

namespace cellproof::cli {

namespace {

struct Options
{
    std::string input;
    std::string output;
    int width = 0;
    int height = 0;
};

int encode(Context& context, const Options& options)
{
    const mask::LabelMask labels = exchange::readMaskFile(options.input);
    nlohmann::json cells = nlohmann::json::array();
    for (const auto& [id, runs] : mask::encodeCells(labels, context.cancel)) {
        const std::string text = mask::toSubmissionMask(runs);
        context.say(std::to_string(id) + "\t" + text);
        cells.push_back({{"id", id}, {"mask", text}});
    }
    context.result = {{"width", labels.width()}, {"height", labels.height()}, {"cells", std::move(cells)}};
    return kAllDone;
}

/// Id and mask of a line: "id TAB mask", or the mask alone, which gets the number of its line.
std::pair<mask::CellId, std::string> splitLine(const std::string& line, int number)
{
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos)
        return {number, line};
    mask::CellId id = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + tab, id);
    if (error != std::errc() || end != line.data() + tab || id < 1 || id > exchange::kMaxMaskFileId)
        throw base::Error("Line " + std::to_string(number) + " does not start with an id, a number from 1 to 65535.");
    return {id, line.substr(tab + 1)};
}

/// Reads a line of at most `longest` characters; false at the end of the input.
bool readLine(std::string& line, std::size_t longest)
{
    line.clear();
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
        if (c == '\n')
            return true;
        if (line.size() == longest)
            throw base::Error("A line is longer than any mask of this size can be.");
        line += static_cast<char>(c);
    }
    return !line.empty();
}

int decode(Context& context, const Options& options)
{
    const std::int64_t pixels = std::int64_t(options.width) * options.height;
    if (pixels > mask::kMaxMaskPixels)
        throw base::Error("A mask of " + std::to_string(options.width) + " x " + std::to_string(options.height) + " pixels is larger than the limit of " +
                          std::to_string(mask::kMaxMaskPixels) + " pixels.");
    // Each pixel its own run of one character, packed badly, in base64.
    const std::size_t longest = static_cast<std::size_t>(pixels) * 3 + 4096;
    mask::LabelMask labels({options.width, options.height});
    std::set<mask::CellId> ids;
    std::string line;
    int number = 0;
    int repeated = 0;
    std::int64_t area = 0;
    while (readLine(line, longest)) {
        ++number;
        context.cancel.throwIfCancelled();
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (line.empty())
            continue;
        const auto [id, text] = splitLine(line, number);
        repeated += !ids.insert(id).second;
        try {
            const mask::RunLength shape = mask::fromSubmissionMask(text, labels.size());
            area += mask::areaOf(shape);
            mask::paint(labels, shape, id, false);
        } catch (const base::Error& error) {
            throw base::Error("Line " + std::to_string(number) + ": " + error.what());
        }
    }
    context.cancel.throwIfCancelled();
    exchange::writeMaskFile(options.output, labels);
    context.say(std::to_string(ids.size()) + " masks in " + options.output);
    const std::int64_t overlap = area - std::ranges::count_if(labels.toIds(), [](mask::CellId id) { return id != 0; });
    if (overlap > 0)
        context.warn("The masks overlap in " + std::to_string(overlap) + " pixels; a pixel keeps the first.");
    if (repeated > 0)
        context.warn(std::to_string(repeated) + " lines repeat an id; their masks are joined.");
    context.result = {{"file", options.output}, {"masks", ids.size()}, {"overlappingPixels", overlap}, {"repeatedIds", repeated}};
    return overlap == 0 && repeated == 0 ? kAllDone : kNotDone;
}

} // namespace

void addMaskCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("mask", "Encode and decode masks as in submissions (COCO run lengths, zlib, base64)");
    command->require_subcommand(1);
    const auto options = std::make_shared<Options>();

    auto* const encoder = command->add_subcommand("encode", "Print one line a cell: id TAB mask");
    encoder->add_option("labels", options->input, "Label mask: grey image of 8 or 16 bit whose values are ids")->required();
    encoder->callback([&context, options] { context.action = [&context, options] { return encode(context, *options); }; });

    auto* const decoder = command->add_subcommand("decode", "Read lines of \"id TAB mask\" or \"mask\" from standard input, write a label mask");
    decoder->add_option("--width", options->width, "Width of the image in pixels")->required()->check(CLI::Range(1, 65535));
    decoder->add_option("--height", options->height, "Height of the image in pixels")->required()->check(CLI::Range(1, 65535));
    decoder->add_option("-o,--output", options->output, "16-bit PNG to write")->required();
    decoder->callback([&context, options] { context.action = [&context, options] { return decode(context, *options); }; });
}

} // namespace cellproof::cli
