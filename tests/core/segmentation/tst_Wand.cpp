// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Wand.h"

#include "core/base/Error.h"

#include <QtTest/QtTest>

#include <random>

namespace base = cellproof::base;
namespace image = cellproof::image;
namespace mask = cellproof::mask;
namespace segmentation = cellproof::segmentation;
using cellproof::image::Channel;
using cellproof::segmentation::Wand;
using cellproof::segmentation::WandOptions;

namespace {

const WandOptions kPlain = {.smoothing = 0, .seedRadius = 0, .outlineSmoothing = 0};

/// A field with green (and red, where given) from rows of digits, 0..9 of 9 x 25.
image::Image fieldOf(const std::vector<std::string>& green, const std::vector<std::string>& red = {})
{
    const base::Size size = {int(green.front().size()), int(green.size())};
    const auto planeOf = [&](const std::vector<std::string>& rows) {
        std::vector<std::uint8_t> pixels;
        for (const std::string& row : rows) {
            for (const char c : row)
                pixels.push_back(static_cast<std::uint8_t>((c - '0') * 25));
        }
        return image::Plane(size, std::move(pixels));
    };
    std::array<image::Plane, 4> planes;
    planes[1] = planeOf(green);
    if (!red.empty())
        planes[0] = planeOf(red);
    return image::Image(planes);
}

std::vector<std::string> drawn(const mask::Region& region, base::Size size)
{
    std::vector<std::string> rows;
    for (int y = 0; y < size.height; ++y) {
        std::string& row = rows.emplace_back();
        for (int x = 0; x < size.width; ++x)
            row += region.contains({x, y}) ? '#' : '.';
    }
    return rows;
}

mask::LabelMask maskOf(const std::vector<std::string>& rows)
{
    mask::LabelMask result({int(rows.front().size()), int(rows.size())});
    for (int y = 0; y < result.height(); ++y) {
        for (int x = 0; x < result.width(); ++x)
            result.set({x, y}, rows[std::size_t(y)][std::size_t(x)] == '.' ? 0 : rows[std::size_t(y)][std::size_t(x)] - '0');
    }
    return result;
}

/// Random blotches: a coarse grid, enlarged.
image::Image blotches(int side, unsigned seed)
{
    std::mt19937 random(seed);
    std::array<image::Plane, 4> planes;
    for (std::size_t c = 0; c < 3; ++c) {
        std::vector<int> coarse(std::size_t(side) * std::size_t(side));
        for (int& value : coarse)
            value = int(random() % 256);
        std::vector<std::uint8_t> pixels;
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x)
                pixels.push_back(static_cast<std::uint8_t>(coarse[std::size_t(y / 5 * side + x / 5)]));
        }
        planes[c] = image::Plane({side, side}, std::move(pixels));
    }
    return image::Image(planes);
}

bool isInside(const mask::Region& inner, const mask::Region& outer)
{
    return inner.without(outer).isEmpty();
}

} // namespace

class tst_Wand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void growsOverWhatLooksAlike()
    {
        const image::Image field = fieldOf({"55509", "45509", "00000", "55550"});
        const base::Size size = field.size();
        const auto at = [&](double tolerance) { return drawn(segmentation::wandRegion(field, {}, {1, 0}, tolerance, kPlain), size); };
        QVERIFY((at(0.0) == std::vector<std::string>{"###..", ".##..", ".....", "....."}));
        QVERIFY((at(0.1) == std::vector<std::string>{"###..", "###..", ".....", "....."}));
        // Black lets it through to everything but the bright corner, which differs by 100 / 255.
        QVERIFY((at(0.5) == std::vector<std::string>{"#####", "#####", "#####", "#####"}));
        QVERIFY((at(0.49) == std::vector<std::string>{"###..", "###..", ".....", "....."}));
        QVERIFY((at(-3.0) == at(0.0)));
        QVERIFY(segmentation::wandRegion(field, {}, {1, 0}, std::nan(""), kPlain).isEmpty());
    }

    void comparesVisibleChannelsAsShown()
    {
        const image::Image field = fieldOf({"5555"}, {"1199"});
        const base::Size size = field.size();
        image::Look look;
        const auto region = [&](double tolerance) { return drawn(segmentation::wandRegion(field, look, {0, 0}, tolerance, kPlain), size).front(); };
        QCOMPARE(region(0.1), std::string("##.."));
        look[Channel::Red].visible = false;
        QCOMPARE(region(0.1), std::string("####"));
        look[Channel::Red].visible = true;
        look[Channel::Red].high = 20; // both are in full colour
        QCOMPARE(region(0.1), std::string("####"));
        for (image::ChannelView& view : look.channels)
            view.visible = false;
        QCOMPARE(region(1.0), std::string("...."));
    }

    void fillsHolesAndLeavesObstacles()
    {
        const image::Image field = fieldOf({"999999", "900009", "900009", "900009", "999999"});
        QVERIFY((drawn(segmentation::wandRegion(field, {}, {0, 0}, 0.1, kPlain), field.size()) == std::vector<std::string>(5, "######")));
        const mask::LabelMask cells = maskOf({".....7", "..5...", "......", "......", "......"});
        const auto around = [&](mask::CellId own) { return drawn(segmentation::wandRegion(field, {}, {0, 0}, 0.1, kPlain, {&cells, own}), field.size()); };
        QVERIFY((around(0) == std::vector<std::string>{"#####.", "##.###", "######", "######", "######"}));
        QVERIFY((around(5) == std::vector<std::string>{"#####.", "######", "######", "######", "######"}));
        QVERIFY(segmentation::wandRegion(field, {}, {5, 0}, 1.0, kPlain, {&cells, 5}).isEmpty()); // on an obstacle
        const mask::LabelMask other({3, 3});
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(segmentation::wandRegion(field, {}, {0, 0}, 1.0, kPlain, {&other, 0})), base::Error);
    }

    void smoothsTheOutline()
    {
        std::vector<std::string> rows(40, std::string(40, '0'));
        for (std::size_t y = 10; y < 30; ++y)
            rows[y].replace(10, 20, 20, '9');
        for (std::size_t x = 30; x < 40; ++x)
            rows[20][x] = '9'; // a thread
        rows[15][10] = '0';    // a notch
        WandOptions options = kPlain;
        const image::Image field = fieldOf(rows);
        QCOMPARE(segmentation::wandRegion(field, {}, {20, 20}, 0.2, options).area(), 409);
        options.outlineSmoothing = 2;
        const mask::Region smooth = segmentation::wandRegion(field, {}, {20, 20}, 0.2, options);
        QVERIFY(smooth.contains({10, 15}) && !smooth.contains({33, 20}));
        QVERIFY(smooth.bounds().x == 10 && smooth.bounds().right() <= 32);
        QVERIFY(smooth.area() >= 380 && smooth.area() <= 400);
        // From the thread itself: too thin to be smoothed, but not lost.
        QVERIFY(segmentation::wandRegion(field, {}, {38, 20}, 0.2, options).contains({38, 20}));
    }

    void staysInItsLimits()
    {
        const image::Image field = fieldOf(std::vector<std::string>(9, "555555555"));
        Wand limited(field, {}, {2, 3}, {1, 2, 4, 100}, kPlain);
        QVERIFY(limited.at(1).bounds() == (base::Rect{1, 2, 4, 7}));
        QCOMPARE(limited.at(1).area(), 28);
        QVERIFY(Wand(field, {}, {0, 0}, {1, 2, 4, 100}, kPlain).at(1).isEmpty());
        QVERIFY(Wand(field, {}, {-1, 0}, {-5, -5, 100, 100}, kPlain).at(1).isEmpty());
        WandOptions near = kPlain;
        near.reach = 1;
        QVERIFY(segmentation::wandRegion(field, {}, {8, 4}, 1, near).bounds() == (base::Rect{7, 3, 2, 3}));
        QVERIFY(segmentation::wandRegion({}, {}, {0, 0}, 1, kPlain).isEmpty());
        base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(Wand(field, {}, {2, 3}, {0, 0, 9, 9}, kPlain, {}, cancel), base::Cancelled);
    }

    /// Dragging up and down gives what each tolerance gives alone; more tolerance, more region; one piece, no holes.
    void draggingIsTheSameAsAsking()
    {
        std::mt19937 random(3);
        for (unsigned n = 0; n < 12; ++n) {
            const image::Image field = blotches(90, n);
            const base::Point seed = {int(random() % 90), int(random() % 90)};
            const WandOptions options = n % 2 == 0 ? kPlain : WandOptions();
            Wand wand(field, {}, seed, {0, 0, 90, 90}, options);
            mask::Region last;
            double lastTolerance = 0;
            for (const double tolerance : {0.3, 0.1, 0.9, 0.5, 0.55, 0.6, 1.0}) {
                const mask::Region region = wand.at(tolerance);
                QVERIFY(region == segmentation::wandRegion(field, {}, seed, tolerance, options));
                QVERIFY(region.contains(seed));
                QCOMPARE(mask::piecesOf(region).size(), std::size_t(1));
                std::vector<mask::Span> frame;
                for (int y = -1; y <= 90; ++y)
                    frame.push_back({y, -1, 91});
                QCOMPARE(mask::piecesOf(mask::Region(std::move(frame)).without(region)).size(), std::size_t(1)); // no holes
                if (n % 2 == 0)
                    QVERIFY(tolerance > lastTolerance ? isInside(last, region) : isInside(region, last));
                last = region;
                lastTolerance = tolerance;
            }
            QCOMPARE(last.area(), 8100);
        }
    }

    /// Without smoothing it is what a search over the definition finds.
    void isTheRegionByDefinition()
    {
        for (unsigned n = 0; n < 10; ++n) {
            const image::Image field = blotches(40, n);
            const base::Point seed = {20, 20};
            const double tolerance = 0.2 + 0.05 * n;
            std::vector<mask::Span> spans;
            std::vector<bool> seen(1600, false);
            std::vector<base::Point> waiting = {seed};
            while (!waiting.empty()) {
                const base::Point p = waiting.back();
                waiting.pop_back();
                if (p.x < 0 || p.y < 0 || p.x >= 40 || p.y >= 40 || seen[std::size_t(p.y * 40 + p.x)])
                    continue;
                bool isAlike = true;
                for (const Channel channel : {Channel::Red, Channel::Green, Channel::Blue})
                    isAlike = isAlike && std::abs(field.plane(channel).value(p) - field.plane(channel).value(seed)) <= int(tolerance * 255);
                if (!isAlike)
                    continue;
                seen[std::size_t(p.y * 40 + p.x)] = true;
                spans.push_back({p.y, p.x, p.x + 1});
                for (const base::Point next : {base::Point{p.x + 1, p.y}, {p.x - 1, p.y}, {p.x, p.y + 1}, {p.x, p.y - 1}})
                    waiting.push_back(next);
            }
            const mask::Region expected(std::move(spans));
            const mask::Region found = segmentation::wandRegion(field, {}, seed, tolerance, kPlain);
            QVERIFY(isInside(expected, found));
            // What it has beyond that are holes: pieces that do not reach the border.
            for (const mask::Region& hole : mask::piecesOf(found.without(expected)))
                QVERIFY(hole.bounds().x > 0 && hole.bounds().y > 0 && hole.bounds().right() < 40 && hole.bounds().bottom() < 40);
        }
    }
};

QTEST_APPLESS_MAIN(tst_Wand)
#include "tst_Wand.moc"
