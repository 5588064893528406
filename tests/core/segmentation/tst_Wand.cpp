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

std::vector<std::uint8_t> drawnBytes(const mask::Region& region, int side)
{
    std::vector<std::uint8_t> result(std::size_t(side) * std::size_t(side), 0);
    for (const mask::Span& span : region.spans())
        std::fill_n(result.begin() + span.y * side + span.first, span.end - span.first, std::uint8_t(1));
    return result;
}

/// The pixels (of those with 1 in `open`) that can be reached from some over 4 neighbours.
std::vector<std::uint8_t> reached(const std::vector<std::uint8_t>& open, int side, std::vector<base::Point> from)
{
    std::vector<std::uint8_t> seen(open.size(), 0);
    while (!from.empty()) {
        const base::Point p = from.back();
        from.pop_back();
        if (p.x < 0 || p.y < 0 || p.x >= side || p.y >= side)
            continue;
        const auto at = std::size_t(p.y * side + p.x);
        if (open[at] == 0 || seen[at] != 0)
            continue;
        seen[at] = 1;
        for (const base::Point next : {base::Point{p.x + 1, p.y}, {p.x - 1, p.y}, {p.x, p.y + 1}, {p.x, p.y - 1}})
            from.push_back(next);
    }
    return seen;
}

/// The region of a wand without blur whose seed is one pixel, step by step over the whole field.
std::vector<std::uint8_t> byDefinition(const image::Image& field, base::Point seed, int most, int smoothing, const mask::LabelMask* cells, mask::CellId own)
{
    const int side = field.width();
    std::vector<std::uint8_t> free(std::size_t(side) * std::size_t(side));
    std::vector<std::uint8_t> alike(free.size());
    std::vector<base::Point> border;
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const auto at = std::size_t(y * side + x);
            const mask::CellId id = cells ? cells->at({x, y}) : 0;
            free[at] = id == 0 || id == own;
            alike[at] = free[at];
            for (const Channel channel : {Channel::Red, Channel::Green, Channel::Blue}) {
                if (std::abs(field.plane(channel).value({x, y}) - field.plane(channel).value(seed)) > most)
                    alike[at] = 0;
            }
            if (x == 0 || y == 0 || x == side - 1 || y == side - 1)
                border.push_back({x, y});
        }
    }
    std::vector<std::uint8_t> region = reached(alike, side, {seed});
    if (smoothing > 0) {
        std::vector<std::uint8_t> smooth(region.size());
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                int count = 0;
                for (int dy = -smoothing; dy <= smoothing; ++dy) {
                    for (int dx = -smoothing; dx <= smoothing; ++dx)
                        count += region[std::size_t(std::clamp(y + dy, 0, side - 1) * side + std::clamp(x + dx, 0, side - 1))];
                }
                const auto at = std::size_t(y * side + x);
                smooth[at] = free[at] != 0 && 2 * count > (2 * smoothing + 1) * (2 * smoothing + 1);
            }
        }
        if (smooth[std::size_t(seed.y * side + seed.x)] != 0)
            region = reached(smooth, side, {seed});
    }
    std::vector<std::uint8_t> background(region.size());
    std::ranges::transform(region, background.begin(), [](std::uint8_t in) { return std::uint8_t(in == 0); });
    const std::vector<std::uint8_t> outside = reached(background, side, border);
    for (std::size_t i = 0; i < region.size(); ++i)
        region[i] = outside[i] == 0 && free[i] != 0;
    return reached(region, side, {seed});
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

    /// What a plain search over the definition finds, with and without smoothing and obstacles; the same whether it grows at once
    /// or bit by bit, and over tiles (a field is larger than one).
    void isTheRegionByDefinition()
    {
        std::mt19937 random(5);
        for (unsigned n = 0; n < 12; ++n) {
            const int side = n < 10 ? 40 : 300;
            const image::Image field = blotches(side, n);
            const base::Point seed = {side / 2, side / 2};
            const double tolerance = 0.2 + 0.05 * n;
            mask::LabelMask cells({side, side});
            for (int i = 0; i < side; ++i)
                cells.set({int(random() % unsigned(side)), int(random() % unsigned(side))}, 1 + int(random() % 2U));
            cells.set(seed, 2);
            for (const bool obstacles : {false, true}) {
                for (const int smoothing : {0, 2}) {
                    WandOptions options = kPlain;
                    options.outlineSmoothing = smoothing;
                    const std::vector<std::uint8_t> expected = byDefinition(field, seed, int(tolerance * 255), smoothing, obstacles ? &cells : nullptr, 2);
                    Wand wand(field, {}, seed, {0, 0, side, side}, options, {obstacles ? &cells : nullptr, 2});
                    mask::Region last;
                    while (!wand.grow(tolerance, 500)) {
                        if (smoothing == 0 && !obstacles)
                            QVERIFY(isInside(last, wand.grown(tolerance)));
                        last = wand.grown(tolerance);
                    }
                    QVERIFY(wand.grown(tolerance) == wand.at(tolerance));
                    QCOMPARE(drawnBytes(wand.at(tolerance), side), expected);
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_Wand)
#include "tst_Wand.moc"
