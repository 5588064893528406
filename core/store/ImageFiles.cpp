// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ImageFiles.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Sha256.h"

#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

/// The size of a file; nothing where there is no file that can be asked for.
std::optional<std::uint64_t> sizeOf(const fs::path& file)
{
    std::error_code failure;
    const std::uintmax_t bytes = fs::file_size(file, failure);
    return failure ? std::nullopt : std::optional<std::uint64_t>(bytes);
}

bool hasHash(const fs::path& file, const std::string& sha256)
{
    try {
        return image::sha256Of(base::readFile(file)) == sha256;
    } catch (const base::Error&) {
        return false;
    }
}

bool isTheSame(const ImageFile& known, const fs::path& file, std::uint64_t bytes, bool byNameOnly)
{
    if (known.bytes != 0 && known.bytes != bytes)
        return false;
    const bool read = byNameOnly || known.bytes == 0;
    return !read || known.sha256.empty() || hasHash(file, known.sha256);
}

} // namespace

ImageSurvey surveyImages(const std::vector<ImageFile>& images, const base::CancelToken& cancel, const base::Progress& progress)
{
    ImageSurvey survey;
    for (std::size_t i = 0; i < images.size(); ++i) {
        cancel.throwIfCancelled();
        if (i % 256 == 0)
            progress.report(double(i) / double(images.size()), images[i].path.filename().string());
        const std::optional<std::uint64_t> bytes = sizeOf(images[i].path);
        if (!bytes)
            survey.missing.push_back(i);
        else if (images[i].bytes != 0 && images[i].bytes != *bytes)
            survey.changed.push_back(i);
    }
    progress.report(1.0);
    return survey;
}

std::pair<fs::path, fs::path> movedFolder(const fs::path& before, const fs::path& now)
{
    if (before.filename() != now.filename())
        throw base::Error("The file \"" + base::toUtf8(now.filename()) + "\" is not the one that is sought, \"" + base::toUtf8(before.filename()) + "\".");
    fs::path from = before.parent_path();
    fs::path to = now.parent_path();
    while (from.has_relative_path() && to.has_relative_path() && from.filename() == to.filename()) {
        from = from.parent_path();
        to = to.parent_path();
    }
    return {from, to};
}

MovedImages findMoved(const std::vector<ImageFile>& images, const fs::path& before, const fs::path& now, const base::CancelToken& cancel,
                      const base::Progress& progress)
{
    std::error_code failure;
    if (!fs::is_directory(now, failure))
        throw base::Error("\"" + base::toUtf8(now) + "\" is no folder that can be read.");
    const fs::path to = fs::absolute(now).lexically_normal();
    struct Guess
    {
        std::optional<MovedImage> file;
        bool matched = false;
        bool byNameOnly = false; ///< nothing but its name and size speak for it
    };
    std::vector<std::pair<std::size_t, Guess>> guesses;
    struct Claim
    {
        fs::path by;
        bool contested = false; ///< by files that were different ones
    };
    std::map<fs::path, Claim> claims;
    for (std::size_t i = 0; i < images.size(); ++i) {
        cancel.throwIfCancelled();
        const ImageFile& image = images[i];
        if (i % 64 == 0)
            progress.report(double(i) / double(images.size()), image.path.filename().string());
        if (sizeOf(image.path))
            continue;
        const fs::path below = image.path.lexically_relative(before);
        if (below.empty() || *below.begin() == "..")
            continue;
        Guess guess;
        const auto look = [&](const fs::path& candidate, bool atItsPlace) {
            const std::optional<std::uint64_t> bytes = sizeOf(candidate);
            if (!bytes)
                return;
            const bool matched = isTheSame(image, candidate, *bytes, !atItsPlace);
            if (guess.file && !matched)
                return;
            guess = {MovedImage{image.field, image.channel, candidate, *bytes}, matched, !atItsPlace && !(matched && !image.sha256.empty())};
        };
        const fs::path place = (to / below).lexically_normal();
        look(place, true);
        if (const fs::path byName = (to / image.path.filename()).lexically_normal(); !guess.matched && byName != place)
            look(byName, false);
        if (guess.file) {
            const auto [at, first] = claims.try_emplace(guess.file->path, Claim{image.path});
            at->second.contested = at->second.contested || at->second.by != image.path; // channels may share a file
        }
        guesses.emplace_back(i, std::move(guess));
    }
    MovedImages found;
    for (const auto& [i, guess] : guesses) {
        if (!guess.file || (guess.byNameOnly && claims.at(guess.file->path).contested))
            found.missing.push_back(images[i]);
        else
            (guess.matched ? found.matched : found.differing).push_back(*guess.file);
    }
    progress.report(1.0);
    return found;
}

} // namespace cellproof::store
