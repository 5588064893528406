// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/Image.h"

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cellproof::image {

/// Where a channel's pixels are.
struct ChannelFile
{
    std::filesystem::path path; ///< absolute, as scanFolder() gives it
    int plane = -1;             ///< which plane of the file holds the channel; -1: the file holds this channel alone
    friend bool operator==(const ChannelFile&, const ChannelFile&) = default;
};

/// The files that make one field of view.
struct FieldFiles
{
    std::string id; ///< unique in its scan, UTF-8
    std::array<std::optional<ChannelFile>, kChannelCount> channels;
    std::vector<std::string> notices; ///< sentences on files that were left out
};

/// A file or folder that could not be used, and why.
struct FileProblem
{
    std::filesystem::path path; ///< UTF-8: of something whose name is not, the folder that it is in
    std::string message;
};

/// What a folder tree holds.
struct FieldScan
{
    std::vector<FieldFiles> fields;    ///< by id in natural order (field2 before field10)
    std::vector<FileProblem> problems; ///< by path
};

/// Finds the fields in a folder and all folders below.
/// - `<id>_{red,green,blue,yellow}`, any extension that is not one of text or data, each also `.gz`, any letter case;
///   an extension that is not of an image has its content looked at, the others are opened only by readField(). Files
///   named `red.png` and so on take the folder's name as id.
/// - Files without a channel's name that hold three or four planes (RGB pictures, TIFF pages or planes, OME-TIFF) are
///   fields of their own: red, green, blue[, yellow] unless OME-XML says otherwise; where that is a guess (no RGB light,
///   no names that tell), `notices` say so. Their headers are read.
/// - Left out: hidden files, masks (`_cellmask`, `_nucleimask`, `_mask`, `_label`), crops (`_cell<N>_crop`), pictures
///   composed of channels (`_blue_red_green`), tables, `contact-sheet.png`, folders below `folder` with both
///   `submission.csv` and `contact-sheet.png` (results of an earlier run).
/// - The same channel twice in a folder: kept is PNG before TIFF before JPEG before other extensions, unpacked before
///   .gz, then the first by name; channel files before a file with all channels. The same id in several folders: the
///   later ones get their folder's relative path in front. Both are said in `notices`.
/// Linked folders are followed, each folder is read once. All paths are absolute, whatever `folder` is; links in them are
/// kept. Folders and files that cannot be read or whose names are not UTF-8 and a tree without any image become problems.
/// Throws base::Error where `folder` is no folder that can be read or its path is not UTF-8, Cancelled.
[[nodiscard]] FieldScan scanFolder(const std::filesystem::path& folder, const base::CancelToken& cancel = {}, const base::Progress& progress = {});

/// How readField() reads.
struct ReadOptions
{
    double pixelSize = kDefaultPixelSize; ///< micrometres, where no file tells
    int threads = 0;                      ///< files read at once; 0: base::coreCount()
    bool hash = true;                     ///< whether to compute FieldContent::sha256
    bool keepFiles = false;               ///< whether to hand over FieldContent::files

    /// Called for each channel as soon as its pixels are there, while others are still read, on the thread that read them; for
    /// what is left out later because of its size, too.
    std::function<void(Channel, const Plane&)> onPlane = {};
};

/// All bytes of a file, shared by the channels that are in it.
using FileBytes = std::shared_ptr<const std::vector<std::uint8_t>>;

/// The pixels of a field and what happened on the way to them.
struct FieldContent
{
    Image image;
    std::vector<std::string> problems;             ///< sentences: channel files that could not be used (unreadable, cut short, of another size), and why
    std::vector<std::string> notices;              ///< sentences: what is to be known, such as a missing channel or focal planes left out
    bool hasPixelSize = false;                     ///< whether a file told the pixel size
    std::array<std::string, kChannelCount> sha256; ///< of the file of each channel, 64 hexadecimal digits; empty where there is none
    std::array<FileBytes, kChannelCount> files;    ///< what each channel was read from; null where there is none, or not wanted
};

/// Reads the channels of a field, several files at once. A colour picture as proteinatlas.org serves it gives its own
/// light (yellow: the mean of red and green, rounded down); a grey picture stored as RGB stays itself. A channel that
/// cannot be read, has more than kMaxPixels pixels or another size than most channels (where two sizes are even: than
/// blue) is left out and becomes a problem. FieldFiles::notices are not repeated. Throws base::Error where no channel can
/// be read, Cancelled.
[[nodiscard]] FieldContent readField(const FieldFiles& files, const ReadOptions& options = {}, const base::CancelToken& cancel = {});

/// Whether `a` comes before `b` when runs of digits count as numbers; a total order.
[[nodiscard]] bool naturalLess(std::string_view a, std::string_view b);

} // namespace cellproof::image
