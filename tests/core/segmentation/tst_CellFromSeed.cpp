// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/CellFromSeed.h"

#include "core/base/Error.h"
#include "core/image/FieldSource.h"
#include "core/simulate/FieldSimulator.h"
#include "tests/support/TestData.h"

#include <cmath>
#include <random>

namespace base = cellproof::base;
namespace image = cellproof::image;
namespace mask = cellproof::mask;
namespace simulate = cellproof::simulate;
using cellproof::image::Channel;
using cellproof::segmentation::CellFromSeed;
using cellproof::segmentation::cellFromSeed;

namespace {

constexpr double kPixel = 0.16;

simulate::SimulatedField field(std::uint64_t seed, base::Size size = {1024, 1024})
{
    simulate::SimulationOptions options;
    options.size = size;
    options.pixelSize = kPixel;
    options.seed = seed;
    options.depth = seed % 2 == 0 ? image::BitDepth::Eight : image::BitDepth::Sixteen;
    return simulate::simulateField(options, 0);
}

/// The pixels of a cell in raster order; they become background.
std::vector<base::Point> takeOut(mask::LabelMask& cells, mask::CellId id, const base::Rect& bounds)
{
    std::vector<base::Point> pixels;
    for (int y = bounds.y; y < bounds.bottom(); ++y) {
        for (int x = bounds.x; x < bounds.right(); ++x) {
            if (cells.at({x, y}) == id) {
                pixels.push_back({x, y});
                cells.set({x, y}, 0);
            }
        }
    }
    return pixels;
}

double overlap(const mask::Region& region, const std::vector<base::Point>& pixels)
{
    const auto common = std::ranges::count_if(pixels, [&](base::Point p) { return region.contains(p); });
    return double(common) / double(std::int64_t(pixels.size()) + region.area() - common);
}

/// What the header promises of any result; the first promise broken, or nothing.
QString broken(const CellFromSeed& found, const mask::LabelMask& cells)
{
    if (found.cell.isEmpty())
        return found.reason.empty() || !found.nucleus.isEmpty() ? QStringLiteral("no reason") : QString();
    if (!found.reason.empty())
        return QStringLiteral("a reason for nothing");
    for (const mask::Span& span : found.cell.spans()) {
        for (int x = span.first; x < span.end; ++x) {
            if (!cells.rect().contains({x, span.y}) || cells.at({x, span.y}) != 0)
                return QStringLiteral("on another cell, or outside");
        }
    }
    if (!found.nucleus.without(found.cell).isEmpty())
        return QStringLiteral("nucleus outside of the cell");
    if (mask::piecesOf(found.cell).size() != 1)
        return QStringLiteral("in pieces");
    // Holes: pieces of the surroundings that do not reach the frame around, and have no other cell.
    const base::Rect frame = found.cell.bounds().grown(1);
    std::vector<mask::Span> rows;
    for (int y = frame.y; y < frame.bottom(); ++y)
        rows.push_back({y, frame.x, frame.right()});
    for (const mask::Region& piece : mask::piecesOf(mask::Region(std::move(rows)).without(found.cell))) {
        if (piece.bounds() == frame)
            continue;
        bool hasCell = false;
        for (const mask::Span& span : piece.spans()) {
            for (int x = span.first; x < span.end; ++x)
                hasCell = hasCell || cells.at({x, span.y}) != 0;
        }
        if (!hasCell)
            return QStringLiteral("with a hole");
    }
    return {};
}

} // namespace

class tst_CellFromSeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Each cell of several fields is taken out of the truth, its nucleus clicked, and the cell compared with it.
    void findsCellsThatWereTakenOut()
    {
        double sum = 0;
        double nucleusSum = 0;
        int count = 0;
        int good = 0;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const simulate::SimulatedField truth = field(seed);
            for (const auto& [id, extent] : mask::extentsOf(truth.cells)) {
                if (extent.touchesBorder)
                    continue;
                mask::LabelMask cells = truth.cells;
                mask::LabelMask nuclei = truth.nuclei;
                const std::vector<base::Point> pixels = takeOut(cells, id, extent.bounds);
                const std::vector<base::Point> nucleus = takeOut(nuclei, id, extent.bounds);
                const CellFromSeed found = cellFromSeed(truth.image, nucleus[nucleus.size() / 2], cells);
                QCOMPARE(broken(found, cells), QString());
                const double share = overlap(found.cell, pixels);
                sum += share;
                nucleusSum += overlap(found.nucleus, nucleus);
                good += share >= 0.6 ? 1 : 0;
                ++count;
            }
        }
        qInfo("IoU with the truth: %.3f (cells), %.3f (nuclei) on average over %d clicks; %d of at least 0.6", sum / count, nucleusSum / count, count, good);
        QVERIFY(count >= 50);
        QVERIFY(sum / count > 0.8);
        QVERIFY(nucleusSum / count > 0.75);
        QVERIFY(good > 0.85 * count);
    }

    /// On an empty field other nuclei compete: most of a cell is its own.
    void competesWithOtherNuclei()
    {
        const simulate::SimulatedField truth = field(4);
        const mask::LabelMask nothing(truth.image.size());
        double sum = 0;
        int count = 0;
        for (const auto& [id, extent] : mask::extentsOf(truth.cells)) {
            mask::LabelMask cells = truth.cells;
            mask::LabelMask nuclei = truth.nuclei;
            const std::vector<base::Point> pixels = takeOut(cells, id, extent.bounds);
            const std::vector<base::Point> nucleus = takeOut(nuclei, id, extent.bounds);
            const CellFromSeed found = cellFromSeed(truth.image, nucleus[nucleus.size() / 2], nothing);
            QCOMPARE(broken(found, nothing), QString());
            sum += overlap(found.cell, pixels);
            ++count;
        }
        QVERIFY2(sum / count > 0.65, qPrintable(QString::number(sum / count)));
    }

    void saysWhyThereIsNone()
    {
        const simulate::SimulatedField truth = field(2, {400, 400});
        const auto reasonAt = [&](base::Point p) {
            const CellFromSeed found = cellFromSeed(truth.image, p, truth.cells);
            return broken(found, truth.cells).isEmpty() ? found.reason : "broken";
        };
        QCOMPARE(reasonAt({-1, 5}), std::string("The click was outside of the image."));
        QCOMPARE(reasonAt({5, 400}), std::string("The click was outside of the image."));
        const auto [id, extent] = *mask::extentsOf(truth.cells).begin();
        const mask::CellId* const row = truth.cells.row(extent.bounds.y);
        QCOMPARE(reasonAt({int(std::find(row, row + 400, id) - row), extent.bounds.y}), std::string("There is a cell here already."));
        // A dark field.
        std::array<image::Plane, 4> planes;
        for (image::Plane& plane : planes)
            plane = image::Plane({300, 300}, std::vector<std::uint8_t>(90000, 3));
        const CellFromSeed none = cellFromSeed(image::Image(planes, kPixel), {150, 150}, mask::LabelMask({300, 300}));
        QVERIFY(none.cell.isEmpty());
        QCOMPARE(none.reason, std::string("Nothing here stands out from the background."));
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(cellFromSeed(truth.image, {1, 1}, mask::LabelMask({3, 3}))), base::Error);
        base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(cellFromSeed(truth.image, {1, 1}, mask::LabelMask({400, 400}), {}, cancel)), base::Cancelled);
    }

    /// Without some of the channels there is a cell still, and without blue it has no nucleus.
    void doesWithMissingChannels()
    {
        const simulate::SimulatedField truth = field(6);
        mask::LabelMask cells = truth.cells;
        mask::LabelMask nuclei = truth.nuclei;
        const auto extents = mask::extentsOf(truth.cells);
        const auto chosen = std::ranges::find_if(extents, [](const auto& entry) { return !entry.second.touchesBorder; });
        QVERIFY(chosen != extents.end());
        takeOut(cells, chosen->first, chosen->second.bounds);
        const std::vector<base::Point> nucleus = takeOut(nuclei, chosen->first, chosen->second.bounds);
        for (unsigned missing = 0; missing < 15; ++missing) {
            std::array<image::Plane, 4> planes;
            for (const Channel channel : image::kChannels) {
                if ((missing >> image::indexOf(channel) & 1U) == 0)
                    planes[image::indexOf(channel)] = truth.image.plane(channel);
            }
            const image::Image some(planes, kPixel);
            const CellFromSeed found = cellFromSeed(some, nucleus[nucleus.size() / 2], cells);
            QCOMPARE(broken(found, cells), QString());
            QVERIFY2(found.cell.area() > 1000, qPrintable(QString::number(missing)));
            QCOMPARE(found.nucleus.isEmpty(), !some.has(Channel::Blue));
        }
    }

    void keepsItsPromisesAnywhere()
    {
        std::mt19937 random(5);
        const simulate::SimulatedField truth = field(3, {500, 400});
        mask::LabelMask cells = truth.cells;
        for (int y = 100; y < 300; ++y) // half of the cells are gone, some in part
            std::fill_n(cells.row(y) + 150, 300, 0);
        for (int n = 0; n < 60; ++n) {
            const base::Point seed = {int(random() % 500), int(random() % 400)};
            const CellFromSeed found = cellFromSeed(truth.image, seed, cells);
            QCOMPARE(broken(found, cells), QString());
            const CellFromSeed again = cellFromSeed(truth.image, seed, cells);
            QVERIFY(again.cell == found.cell && again.nucleus == found.nucleus && again.reason == found.reason);
        }
        for (const base::Size size : {base::Size{1, 1}, {1, 60}, {60, 1}, {3, 4}, {33, 20}}) {
            for (const double pixel : {1e-12, 1e-4, 0.08, 3.0, 1e12}) {
                std::array<image::Plane, 4> planes;
                for (image::Plane& plane : planes) {
                    std::vector<std::uint16_t> values(std::size_t(size.width) * std::size_t(size.height));
                    std::ranges::generate(values, [&] { return static_cast<std::uint16_t>(random()); });
                    plane = image::Plane(size, std::move(values));
                }
                const mask::LabelMask nothing(size);
                QCOMPARE(broken(cellFromSeed(image::Image(planes, pixel), {size.width / 2, size.height / 2}, nothing), nothing), QString());
            }
        }
    }

    void realFields_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QPoint>("click");
        QTest::addColumn<double>("least"); // area in square micrometres between which a person puts the cell
        QTest::addColumn<double>("most");
        QTest::newRow("800_A6_1, round") << "800_A6_1" << QPoint(450, 1090) << 700.0 << 1400.0;
        QTest::newRow("800_A6_1, spread") << "800_A6_1" << QPoint(1160, 1280) << 2000.0 << 3600.0;
        QTest::newRow("89_B5_1, oval") << "89_B5_1" << QPoint(835, 240) << 900.0 << 1700.0;
        QTest::newRow("89_B5_1, small") << "89_B5_1" << QPoint(980, 1320) << 400.0 << 900.0;
    }

    void realFields()
    {
        QFETCH(QString, id);
        QFETCH(QPoint, click);
        QFETCH(double, least);
        QFETCH(double, most);
        CELLPROOF_SHARED_PATH(folder, "data/hpa-png");
        const image::FieldScan scan = image::scanFolder(folder);
        const auto files = std::ranges::find(scan.fields, id.toStdString(), &image::FieldFiles::id);
        QVERIFY(files != scan.fields.end());
        const image::Image pixels = image::readField(*files).image;
        const mask::LabelMask nothing(pixels.size());
        const CellFromSeed found = cellFromSeed(pixels, {click.x(), click.y()}, nothing);
        QCOMPARE(broken(found, nothing), QString());
        QVERIFY(found.nucleus.contains({click.x(), click.y()}));
        const double area = double(found.cell.area()) * pixels.pixelSize() * pixels.pixelSize();
        QVERIFY2(area > least && area < most, qPrintable(QString::number(area)));
        const double share = double(found.nucleus.area()) / double(found.cell.area());
        QVERIFY2(share > 0.1 && share < 0.6, qPrintable(QString::number(share)));
    }
};

QTEST_APPLESS_MAIN(tst_CellFromSeed)
#include "tst_CellFromSeed.moc"
