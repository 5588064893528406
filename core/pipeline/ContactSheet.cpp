// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/image/Codec.h"
#include "core/image/Compositor.h"
#include "core/image/Contrast.h"
#include "core/image/OpenCv.h"
#include "core/image/Pyramid.h"
#include "core/mask/Outline.h"
#include "core/pipeline/Export.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

constexpr int kCaption = 26; // pixels below each picture
constexpr int kGap = 8;
constexpr int kSubPixelBits = 4; // outlines are drawn to 1/16 pixel

/// The picture as OpenCV sees it: 4 bytes B, G, R, A a pixel. Shares the pixels.
cv::Mat asMat(image::RgbImage& picture)
{
    return {picture.height(), picture.width(), CV_8UC4, picture.row(0), picture.bytesPerLine()};
}

void drawOutlines(cv::Mat& canvas, const mask::LabelMask& mask, double scale, const cv::Scalar& colour)
{
    constexpr double kFixed = 1 << kSubPixelBits;
    for (const mask::Outline& outline : mask::outlinesOf(mask)) {
        std::vector<cv::Point> points;
        points.reserve(outline.corners.size());
        for (const base::Point& corner : outline.corners)
            points.emplace_back(static_cast<int>(std::lround(corner.x * scale * kFixed)), static_cast<int>(std::lround(corner.y * scale * kFixed)));
        cv::polylines(canvas, points, true, colour, 1, cv::LINE_AA, kSubPixelBits);
    }
}

/// The field's overlay with outlines, `size` pixels in width and height.
image::RgbImage drawField(const image::FieldContent& content, const annotation::FieldAnnotation& field, base::Size size, double scale,
                          const base::CancelToken& cancel)
{
    const image::Pyramid pyramid(content.image, 0, cancel);
    const image::Look look = image::withHpaRange(image::hpaLook(), content.image);
    image::RgbImage picture = image::compose(pyramid, look, {0.0, 0.0, scale, size}, {0, 0, 0});
    cv::Mat canvas = asMat(picture);
    drawOutlines(canvas, field.nucleusMask(), scale, {255, 255, 0, 255});
    drawOutlines(canvas, field.cellMask(), scale, {255, 255, 255, 255});
    return picture;
}

} // namespace

void exportContactSheet(store::Project& project, const fs::path& file, const SheetOptions& options, const base::CancelToken& cancel,
                        const base::Progress& progress)
try {
    const std::size_t count = std::min(project.fields().size(), options.most);
    if (count == 0)
        throw base::Error("The project has no fields to show on a contact sheet.");
    const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
    const int rows = (static_cast<int>(count) + columns - 1) / columns;
    const int side = options.thumbnail;
    image::RgbImage sheet({columns * (side + kGap) + kGap, rows * (side + kCaption + kGap) + kGap}, 0xff1b1d1f);
    cv::Mat canvas = asMat(sheet);
    for (std::size_t index = 0; index < count; ++index) {
        cancel.throwIfCancelled();
        const store::FieldRecord& record = project.fields()[index];
        progress.report(static_cast<double>(index) / static_cast<double>(count), record.id);
        const int left = kGap + static_cast<int>(index) % columns * (side + kGap);
        const int top = kGap + static_cast<int>(index) / columns * (side + kCaption + kGap);
        std::string caption = record.id + ": " + std::to_string(record.cellCount) + (record.cellCount == 1 ? " cell" : " cells");
        try {
            const image::FieldContent content = image::readField(record.files, {project.defaultPixelSize(), 0, false}, cancel);
            const double scale = static_cast<double>(side) / std::max(content.image.width(), content.image.height());
            const base::Size size{std::max(1, static_cast<int>(content.image.width() * scale)), std::max(1, static_cast<int>(content.image.height() * scale))};
            image::RgbImage picture = drawField(content, project.annotation(index), size, scale, cancel);
            asMat(picture).copyTo(canvas(cv::Rect(left + (side - size.width) / 2, top + (side - size.height) / 2, size.width, size.height)));
        } catch (const base::Cancelled&) {
            throw;
        } catch (const base::Error&) {
            caption = record.id + ": cannot be read";
        }
        cv::putText(canvas(cv::Rect(left, top + side, side, kCaption)), caption, {2, kCaption - 9}, cv::FONT_HERSHEY_SIMPLEX, 0.45, {220, 220, 220, 255}, 1,
                    cv::LINE_AA);
    }
    image::writePng(file, sheet);
    progress.report(1.0, "contact sheet");
} catch (const cv::Exception& error) {
    image::throwPlain(error);
}

} // namespace cellproof::pipeline
