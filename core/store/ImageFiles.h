// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/Image.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

// The images of a project on the disk: are they there, are they the same, where have they gone? Values only, for worker threads.
namespace cellproof::store {

/// One image file as the project knows it.
struct ImageFile
{
    std::size_t field = 0; ///< index in the project
    image::Channel channel = image::Channel::Red;
    std::filesystem::path path; ///< absolute
    std::uint64_t bytes = 0;    ///< size when it was listed or segmented; 0 where unknown
    std::string sha256;         ///< when it was segmented; empty where unknown
};

/// How the images are on the disk, by index into the list that was given.
struct ImageSurvey
{
    std::vector<std::size_t> missing;
    std::vector<std::size_t> changed; ///< there, with another number of bytes
};

/// Looks for every image on the disk, without reading one: a look-up per file. Throws Cancelled.
[[nodiscard]] ImageSurvey surveyImages(const std::vector<ImageFile>& images, const base::CancelToken& cancel = {}, const base::Progress& progress = {});

/// The folder that was moved and where it is now, told by one file of it: what both paths end in alike is left out.
/// "/a/images/x.png" found as "/b/images/x.png" gives "/a" and "/b". Throws Error where the names of the files differ.
[[nodiscard]] std::pair<std::filesystem::path, std::filesystem::path> movedFolder(const std::filesystem::path& before, const std::filesystem::path& now);

/// An image that was found at another place.
struct MovedImage
{
    std::size_t field = 0;
    image::Channel channel = image::Channel::Red;
    std::filesystem::path path; ///< where it is now, absolute
    std::uint64_t bytes = 0;    ///< its size now
};

/// What was found of the missing images.
struct MovedImages
{
    std::vector<MovedImage> matched;
    std::vector<MovedImage> differing; ///< found under its name, with other content than the project knows; to be kept only if the user says so
    std::vector<ImageFile> missing;    ///< not found
};

/// Looks for the images that are not where the project says and lie below `before` according to it: in the same place below
/// `now`, where the size tells whether it is the same file, or the hash where the size is not known; else, where all files were put into one
/// folder, by their name in `now` itself: then their hash counts too, where it is known, and where it is not, a file whose name several of the files sought bear is none of them. Throws Error where `now` is no folder, Cancelled.
[[nodiscard]] MovedImages findMoved(const std::vector<ImageFile>& images, const std::filesystem::path& before, const std::filesystem::path& now,
                                    const base::CancelToken& cancel = {}, const base::Progress& progress = {});

} // namespace cellproof::store
