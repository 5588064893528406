// SPDX-License-Identifier: GPL-3.0-or-later
// Draws what `cellproof-cli render` asks for, with the code of the window; needs no display.
#include "app/cli/Context.h"
#include "app/cli/RenderOptions.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/store/Project.h"
#include "ui/canvas/CanvasPicture.h"
#include "ui/session/CellPresentation.h"
#include "ui/session/FieldLooks.h"
#include "ui/session/FieldPixels.h"

#include <QGuiApplication>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <memory>
#include <vector>

namespace {

using namespace cellproof;

/// Lines and letters are drawn for a picture of about this many pixels on the screen.
constexpr double kScreenSide = 1200.0;

image::RgbImage toRgb(const QImage& picture)
{
    image::RgbImage result({picture.width(), picture.height()}, 0xff000000);
    for (int y = 0; y < picture.height(); ++y)
        std::copy_n(reinterpret_cast<const std::uint32_t*>(picture.constScanLine(y)), picture.width(), result.row(y));
    return result;
}

/// The look of the field as it was left in the window, with what the command line asks for in its place.
image::Look lookFor(const store::Project& project, const cli::RenderOptions& options, const ui::FieldPixels& pixels)
{
    ui::FieldLook kept = ui::lookOf(project, options.field);
    if (!options.look.empty() && options.look != "side-by-side")
        kept = kept.withBase(options.look);
    image::Look look = ui::shownLook(kept, pixels);
    look.vision = image::visionFromId(options.vision).value_or(image::Vision::Normal);
    return look;
}

/// x, y, width, height; an empty one would be taken for the whole image.
base::Rect regionOf(const std::vector<int>& numbers)
{
    // Beyond any image, and no sum of two overflows.
    const auto bounded = [](int number) { return std::clamp(number, -1'000'000, 1'000'000); };
    const base::Rect region{bounded(numbers[0]), bounded(numbers[1]), bounded(numbers[2]), bounded(numbers[3])};
    if (region.isEmpty())
        throw base::Error("The region has no pixels: --region takes x,y,width,height.");
    return region;
}

int render(cli::Context& context, const cli::RenderOptions& options)
{
    const auto wants = [&](const char* overlay) { return std::ranges::find(options.overlay, overlay) != options.overlay.end(); };
    store::Project project = store::Project::open(options.project, {.readOnly = true});
    const auto index = project.find(options.field);
    if (!index)
        throw base::Error("The project has no field \"" + options.field + "\".");
    const store::FieldRecord& record = project.fields()[*index];
    const auto pixels = ui::loadFieldPixels(record.files, project.defaultPixelSize(), false, context.cancel);
    for (const std::string& notice : pixels->notices)
        context.warn(notice);

    ui::PictureRequest request;
    request.pyramid = std::make_shared<image::Pyramid>(pixels->pyramid);
    request.look = lookFor(project, options, *pixels);
    if (options.look == "side-by-side")
        request.layout = ui::CanvasLayout::SideBySide;
    if (!options.region.empty())
        request.region = regionOf(options.region);
    request.width = options.width;
    request.pixelSize = pixels->pyramid.image().pixelSize();
    request.scaleBar = wants("scale-bar");
    request.style.outlines = wants("outlines");
    request.style.nuclei = wants("nuclei");
    request.style.fills = wants("fills");
    request.ids = wants("numbers");

    const annotation::FieldAnnotation& field = project.annotation(*index);
    if (!field.cells().empty()) {
        request.masks = ui::prepareCanvasMasks(field.sharedCellMask(), field.sharedNucleusMask(), context.cancel);
        if (wants("labels"))
            request.chips = ui::chipsOf(field, project.scheme());
        if (options.byClass)
            request.style.colours = ui::classColoursOf(field, project.scheme());
    }
    const base::Size size = pixels->pyramid.size();
    const int longest = options.width > 0 ? options.width : std::max(size.width, size.height);
    request.detail = std::clamp(longest / kScreenSide, 1.0, 4.0);

    const image::RgbImage picture = toRgb(ui::renderPicture(request));
    context.cancel.throwIfCancelled();
    image::writePng(options.output, picture);
    context.say(std::to_string(picture.width()) + " x " + std::to_string(picture.height()) + " pixels in " + options.output);
    context.result = {{"file", options.output}, {"width", picture.width()}, {"height", picture.height()}, {"cells", field.cells().size()}};
    return cli::kAllDone;
}

} // namespace

int main(int argc, char** argv)
{
    // Qt's remarks on a session that a script does not have are nothing to act on.
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) {
        if (type == QtCriticalMsg || type == QtFatalMsg)
            std::fprintf(stderr, "%s\n", qPrintable(text));
    });
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(argc, argv); // letters need one
    std::setlocale(LC_NUMERIC, "C");
    cli::Context context;
    context.stopOnSignals();
    CLI::App app("Draws a field with its cells as the window shows it", "cellproof-cli render");
    cli::RenderOptions options;
    app.add_flag("--json", context.json, "Print the result as one JSON object");
    cli::addRenderOptions(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? cli::kAllDone : cli::kWrongUse;
    }
    context.action = [&] { return render(context, options); };
    return context.run();
}
