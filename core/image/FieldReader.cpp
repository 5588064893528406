// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/File.h"
#include "core/base/Threads.h"
#include "core/image/Codec.h"
#include "core/image/FieldSource.h"
#include "core/image/Sha256.h"

#include <algorithm>
#include <cstdlib>

namespace fs = std::filesystem;

namespace cellproof::image {

namespace {

// Colour planes that differ by no more than this are one grey picture: JPEG rounds.
constexpr int kGreyTolerance = 2;
// A channel whose own light has less than this share of the strongest light was coloured otherwise.
constexpr double kBakedShare = 0.25;
// Opacity rarely has more distinct values than this; a stain has.
constexpr int kFewValues = 16;

std::string quotedName(const fs::path& path)
{
    return "\"" + base::toUtf8(path.filename()) + "\"";
}

std::string missing(Channel channel)
{
    return "The field has no " + std::string(nameOf(channel)) + " channel (" + std::string(stainOf(channel)) + ").";
}

template <typename Sample>
const Sample* samplesOf(const Plane& plane)
{
    if constexpr (sizeof(Sample) == 1)
        return plane.row8(0);
    else
        return plane.row16(0);
}

std::size_t countOf(const Plane& plane)
{
    return std::size_t(plane.width()) * std::size_t(plane.height());
}

struct Light
{
    std::array<double, 3> sums = {};
    int greatestDifference = 0; // between two of the three planes at one pixel
};

template <typename Sample>
Light measureLight(const DecodedImage& image)
{
    const Sample* r = samplesOf<Sample>(image.planes[0]);
    const Sample* g = samplesOf<Sample>(image.planes[1]);
    const Sample* b = samplesOf<Sample>(image.planes[2]);
    std::array<std::uint64_t, 3> sums = {};
    Sample greatest = 0;
    const std::size_t count = countOf(image.planes[0]);
    for (std::size_t i = 0; i < count; ++i) {
        sums[0] += r[i];
        sums[1] += g[i];
        sums[2] += b[i];
        greatest = std::max(greatest, static_cast<Sample>(std::max({r[i], g[i], b[i]}) - std::min({r[i], g[i], b[i]})));
    }
    return {{double(sums[0]), double(sums[1]), double(sums[2])}, greatest};
}

template <typename Sample>
Plane meanOf(const Plane& a, const Plane& b)
{
    std::vector<Sample> mean(countOf(a));
    const Sample* x = samplesOf<Sample>(a);
    const Sample* y = samplesOf<Sample>(b);
    for (std::size_t i = 0; i < mean.size(); ++i)
        mean[i] = static_cast<Sample>((unsigned(x[i]) + unsigned(y[i])) / 2);
    return Plane(a.size(), std::move(mean));
}

/// The plane of a channel within an RGB picture of this channel alone.
Plane planeOfPicture(const DecodedImage& image, Channel channel, const std::string& name, std::vector<std::string>& notices)
{
    const bool deep = image.info.depth == BitDepth::Sixteen;
    const Light light = deep ? measureLight<std::uint16_t>(image) : measureLight<std::uint8_t>(image);
    if (light.greatestDifference <= (deep ? kGreyTolerance * 257 : kGreyTolerance))
        return image.planes[1];
    const auto strongest = std::size_t(std::ranges::max_element(light.sums) - light.sums.begin());
    const auto own = channel == Channel::Yellow ? std::min(light.sums[0], light.sums[1]) : light.sums[indexOf(channel)];
    if (own < kBakedShare * light.sums[strongest]) {
        notices.push_back(name + " is a picture in another colour than " + std::string(nameOf(channel)) + "; its " + std::string(nameOf(kChannels[strongest])) +
                          " light is used.");
        return image.planes[strongest];
    }
    if (channel != Channel::Yellow)
        return image.planes[indexOf(channel)];
    return deep ? meanOf<std::uint16_t>(image.planes[0], image.planes[1]) : meanOf<std::uint8_t>(image.planes[0], image.planes[1]);
}

/// Whether a fourth plane of an RGB picture is opacity, and not a stain that was stored there.
bool isOpacity(const Plane& plane)
{
    std::vector<bool> seen(std::size_t(plane.maxValue()) + 1);
    int distinct = 0;
    for (int y = 0; y < plane.height(); ++y) {
        for (int x = 0; x < plane.width(); ++x) {
            const auto v = std::size_t(plane.value({x, y}));
            if (!seen[v]) {
                seen[v] = true;
                if (++distinct > kFewValues)
                    return false;
            }
        }
    }
    return true;
}

/// One file and the channels that are in it.
struct Task
{
    fs::path path;
    std::vector<Channel> channels;
    std::vector<int> wantedPlanes;

    std::vector<Plane> planes; // by channels; empty where none
    std::vector<std::string> problems;
    std::vector<std::string> notices;
    std::optional<double> pixelSize;
    std::string sha256;
    FileBytes bytes;
};

void pick(Task& task, const DecodedImage& image)
{
    const std::string name = quotedName(task.path);
    for (std::size_t i = 0; i < task.channels.size(); ++i) {
        const Channel channel = task.channels[i];
        int wanted = task.wantedPlanes[i];
        if (wanted >= image.info.planes) {
            task.problems.push_back(name + " has no plane " + std::to_string(wanted + 1) + " for " + std::string(nameOf(channel)) + "; it was changed.");
            continue;
        }
        if (wanted == 3 && image.info.hasAlpha && isOpacity(image.planes[3])) {
            task.notices.push_back(missing(channel));
            continue;
        }
        if (wanted < 0 && image.info.isColour) {
            task.planes[i] = planeOfPicture(image, channel, name, task.notices);
            continue;
        }
        if (wanted < 0) {
            const auto hint = std::ranges::find(image.info.channelHints, std::optional(channel));
            wanted = hint == image.info.channelHints.end() ? 0 : static_cast<int>(hint - image.info.channelHints.begin());
            if (image.info.planes > 1)
                task.notices.push_back(name + " holds " + std::to_string(image.info.planes) + " planes; number " + std::to_string(wanted + 1) + " is used.");
        }
        task.planes[i] = image.planes[std::size_t(wanted)];
    }
}

void perform(Task& task, const ReadOptions& options, const base::CancelToken& cancel)
{
    cancel.throwIfCancelled();
    task.planes.resize(task.channels.size());
    try {
        const auto bytes = std::make_shared<const std::vector<std::uint8_t>>(base::readFile(task.path));
        cancel.throwIfCancelled();
        const DecodedImage image = decodeImage(*bytes, base::toUtf8(task.path.filename()), cancel);
        task.pixelSize = image.info.pixelSize;
        task.notices.insert(task.notices.end(), image.notices.begin(), image.notices.end());
        pick(task, image);
        cancel.throwIfCancelled();
        if (options.hash)
            task.sha256 = sha256Of(*bytes);
        if (options.keepFiles)
            task.bytes = bytes;
        for (std::size_t i = 0; i < task.channels.size() && options.onPlane; ++i) {
            if (!task.planes[i].isEmpty())
                options.onPlane(task.channels[i], task.planes[i]);
        }
    } catch (const base::Cancelled&) {
        throw;
    } catch (const base::Error& error) {
        task.planes.assign(task.channels.size(), Plane());
        task.problems.emplace_back(error.what());
    } catch (const std::bad_alloc&) {
        task.planes.assign(task.channels.size(), Plane());
        task.problems.push_back(quotedName(task.path) + " cannot be read: there is not enough memory for its pixels.");
    }
}

std::vector<Task> tasksOf(const FieldFiles& files)
{
    std::vector<Task> tasks;
    for (const Channel channel : kChannels) {
        const std::optional<ChannelFile>& file = files.channels[indexOf(channel)];
        if (!file)
            continue;
        auto task = std::ranges::find(tasks, file->path, &Task::path);
        if (task == tasks.end()) {
            tasks.emplace_back();
            task = tasks.end() - 1;
            task->path = file->path;
        }
        task->channels.push_back(channel);
        task->wantedPlanes.push_back(file->plane);
    }
    return tasks;
}

/// The size that the field has: of most channels; where two sizes are even, of blue, without blue of the first.
base::Size fieldSize(const std::array<Plane, kChannelCount>& planes)
{
    base::Size best;
    std::ptrdiff_t votes = 0;
    for (const Channel channel : kChannels) {
        const Plane& plane = planes[indexOf(channel)];
        const std::ptrdiff_t same = plane.isEmpty() ? 0 : std::ranges::count(planes, plane.size(), &Plane::size);
        if (same > votes || (same > 0 && same == votes && channel == Channel::Blue)) {
            best = plane.size();
            votes = same;
        }
    }
    return best;
}

} // namespace

FieldContent readField(const FieldFiles& files, const ReadOptions& options, const base::CancelToken& cancel)
{
    std::vector<Task> tasks = tasksOf(files);
    base::parallelFor(
        tasks.size(), [&](std::size_t i) { perform(tasks[i], options, cancel); }, options.threads);

    FieldContent content;
    std::array<Plane, kChannelCount> planes;
    std::array<fs::path, kChannelCount> paths;
    double pixelSize = options.pixelSize;
    for (Task& task : tasks) {
        content.problems.insert(content.problems.end(), task.problems.begin(), task.problems.end());
        content.notices.insert(content.notices.end(), task.notices.begin(), task.notices.end());
        for (std::size_t i = 0; i < task.channels.size(); ++i) {
            const std::size_t c = indexOf(task.channels[i]);
            planes[c] = std::move(task.planes[i]);
            paths[c] = task.path;
            if (planes[c].isEmpty())
                continue;
            content.sha256[c] = task.sha256;
            content.files[c] = task.bytes;
        }
        if (task.pixelSize && !content.hasPixelSize) {
            pixelSize = *task.pixelSize;
            content.hasPixelSize = true;
        }
    }
    const base::Size size = fieldSize(planes);
    if (size.isEmpty()) {
        std::string reasons;
        for (const std::string& problem : content.problems)
            reasons += " " + problem;
        throw base::Error("The field \"" + files.id + "\" has no channel that can be read." + reasons);
    }
    for (const Channel channel : kChannels) {
        Plane& plane = planes[indexOf(channel)];
        if (!plane.isEmpty() && plane.size() != size) {
            content.problems.push_back(quotedName(paths[indexOf(channel)]) + " is not used: it has " + std::to_string(plane.width()) + " x " +
                                       std::to_string(plane.height()) + " pixels, the field has " + std::to_string(size.width) + " x " +
                                       std::to_string(size.height) + ".");
            plane = Plane();
            content.sha256[indexOf(channel)].clear();
            content.files[indexOf(channel)].reset();
        } else if (!files.channels[indexOf(channel)]) {
            content.notices.push_back(missing(channel));
        }
    }
    content.image = Image(std::move(planes), pixelSize);
    return content;
}

} // namespace cellproof::image
