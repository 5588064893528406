// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/Components.h"
#include "core/mask/Region.h"
#include "tests/gui/CanvasFixtures.h"
#include "tests/support/History.h"
#include "ui/tools/ToolBox.h"
#include "ui/tools/ToolHost.h"

#include <QAction>
#include <QPointingDevice>
#include <QSettings>
#include <QTabletEvent>
#include <QTemporaryDir>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::testing {

/// A document with history on a real canvas: what the window is to the tools.
class TestHost : public ui::ToolHost
{
public:
    explicit TestHost(Canvas& canvas) : m_canvas(canvas) {}

    annotation::FieldAnnotation field;
    testing::History history;
    std::vector<mask::CellId> selected;
    QStringList told;
    QString hinted;
    std::vector<mask::CellId> reusedIds; ///< of new cells: must stay empty
    ui::ToolBox* tools = nullptr;

    /// Puts a document in view, without history.
    void show(annotation::FieldAnnotation document)
    {
        field = std::move(document);
        history = {};
        select({});
        changed();
        if (tools)
            tools->fieldChanged();
    }

    void undo()
    {
        QVERIFY(history.undo(field));
        changed();
    }

    void redo()
    {
        QVERIFY(history.redo(field));
        changed();
    }

    [[nodiscard]] const annotation::FieldAnnotation& annotation() const override { return field; }
    [[nodiscard]] std::shared_ptr<const image::Pyramid> pyramid() const override { return m_canvas.field().pyramid; }
    [[nodiscard]] const image::Look& look() const override { return m_canvas.look(); }
    [[nodiscard]] QRectF visibleRect() const override { return m_canvas.view().visibleRect(); }
    [[nodiscard]] const std::vector<mask::CellId>& selection() const override { return selected; }
    [[nodiscard]] annotation::Provenance person() const override { return {annotation::Source::Person, "ada", {}, 1}; }

    void apply(std::shared_ptr<const annotation::Edit> edit) override
    {
        if (field.size().isEmpty())
            field = annotation::FieldAnnotation(pyramid()->size());
        const mask::CellId nextId = field.nextId();
        const annotation::FieldAnnotation::Cells before = field.cells();
        history.apply(field, std::move(edit));
        for (const auto& [id, cell] : field.cells()) {
            if (!before.contains(id) && id < nextId)
                reusedIds.push_back(id);
        }
        changed();
    }

    void select(std::vector<mask::CellId> cells) override
    {
        selected = std::move(cells);
        m_canvas.setSelection(selected);
    }

    void tell(const QString& sentence) override { told << sentence; }
    void hint(const QString& sentence) override { hinted = sentence; }
    void showChange(const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Rect dirty) override { m_canvas.showChange(cells, nuclei, dirty); }
    void clearChange() override { m_canvas.clearChange(); }
    void updateTool() override { m_canvas.updateTool(); }

private:
    void changed()
    {
        std::erase_if(selected, [this](mask::CellId id) { return !field.cell(id); });
        const std::shared_ptr<const CanvasMasks>& before = m_canvas.masks();
        const bool follows = before && before->cells && before->cells->size() == field.size();
        m_canvas.setMasks(follows ? ui::updatedCanvasMasks(*before, field.sharedCellMask(), field.sharedNucleusMask())
                                  : ui::prepareCanvasMasks(field.sharedCellMask(), field.sharedNucleusMask()));
        m_canvas.setSelection(selected);
        if (tools)
            tools->documentChanged();
    }

    Canvas& m_canvas;
};

/// A document whose cells are those of the masks.
inline annotation::FieldAnnotation documentOf(const mask::LabelMask& cells, const mask::LabelMask& nuclei, mask::CellId nextId)
{
    return {cells, nuclei, annotation::measureCells(cells, nuclei), {}, nextId};
}

/// Tools at work on a real canvas that shows an image of 400 x 300 pixels, pixel by pixel: cells 1 (40,40 100x120, with a nucleus
/// 70,80 30x30), 2 (to its right: 140,60 80x80) and 7 (300,200 60x60). Ids up to 9 are used up. Settings are its own.
class ToolBench
{
public:
    static constexpr base::Size kSize{400, 300};

    explicit ToolBench(CanvasField image = flatField(kSize, 40, 20))
        : m_folder(prepareSettings()), canvas(QSize(kSize.width, kSize.height)), host(canvas), box(std::make_unique<ui::ToolBox>(host, canvas))
    {
        canvas.setField(std::move(image));
        canvas.actualSize();
        canvas.setFocus();
        host.tools = box.get();
        canvas.addActions(box->actions()); // the menu of a window
        mask::LabelMask cells(kSize);
        fill(cells, {40, 40, 100, 120}, 1);
        fill(cells, {140, 60, 80, 80}, 2);
        fill(cells, {300, 200, 60, 60}, 7);
        mask::LabelMask nuclei(kSize);
        fill(nuclei, {70, 80, 30, 30}, 1);
        host.show(documentOf(cells, nuclei, 10));
    }

    /// A field without cells.
    void clear() { host.show(annotation::FieldAnnotation(kSize)); }

    [[nodiscard]] ui::ToolOptions& options() { return box->options(); }
    void take(ui::ToolId tool) { box->setTool(tool); }

    void mouse(QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers)
    {
        const QPointF widget = canvas.toWidget(at);
        QMouseEvent event(type, widget, canvas.mapToGlobal(widget), button, buttons, modifiers);
        QCoreApplication::sendEvent(&canvas, &event);
    }

    // All in image pixels.
    void press(QPointF at, Qt::KeyboardModifiers modifiers = {}) { mouse(QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton, modifiers); }
    void drag(QPointF at, Qt::KeyboardModifiers modifiers = {}) { mouse(QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton, modifiers); }
    void release(QPointF at, Qt::KeyboardModifiers modifiers = {}) { mouse(QEvent::MouseButtonRelease, at, Qt::LeftButton, Qt::NoButton, modifiers); }
    void hover(QPointF at, Qt::KeyboardModifiers modifiers = {}) { mouse(QEvent::MouseMove, at, Qt::NoButton, Qt::NoButton, modifiers); }

    void click(QPointF at, Qt::KeyboardModifiers modifiers = {})
    {
        press(at, modifiers);
        release(at, modifiers);
    }

    void doubleClick(QPointF at)
    {
        click(at);
        mouse(QEvent::MouseButtonDblClick, at, Qt::LeftButton, Qt::LeftButton, {});
        release(at);
    }

    void stroke(const std::vector<QPointF>& points, Qt::KeyboardModifiers modifiers = {})
    {
        press(points.front(), modifiers);
        for (const QPointF point : points)
            drag(point, modifiers);
        release(points.back(), modifiers);
    }

    void key(int key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&canvas, static_cast<Qt::Key>(key), modifiers); }

    void altWheel(QPointF at, int delta)
    {
        const QPointF widget = canvas.toWidget(at);
        // With Alt held Qt tells of a turn to the side.
        QWheelEvent event(widget, canvas.mapToGlobal(widget), {}, {delta, 0}, Qt::NoButton, Qt::AltModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&canvas, &event);
    }

    [[nodiscard]] mask::CellId cellAt(int x, int y) const { return host.field.cellMask().atOrBackground({x, y}); }
    [[nodiscard]] mask::CellId nucleusAt(int x, int y) const { return host.field.nucleusMask().atOrBackground({x, y}); }
    [[nodiscard]] std::int64_t area(mask::CellId id) const { return host.field.cell(id) ? host.field.cell(id)->area : 0; }
    [[nodiscard]] std::size_t edits() const { return host.history.applied(); }
    [[nodiscard]] QString lastEdit() const { return QString::fromStdString(host.history.undoText()); }

    /// The rules of the pair, and that the records of the cells are what the masks hold.
    void check() const
    {
        QCOMPARE(mask::pairViolations(host.field.cellMask(), host.field.nucleusMask()), std::vector<std::string>());
        const annotation::FieldAnnotation::Cells measured = annotation::measureCells(host.field.cellMask(), host.field.nucleusMask());
        QCOMPARE(host.reusedIds, std::vector<mask::CellId>());
        QCOMPARE(host.field.cells().size(), measured.size());
        for (const auto& [id, cell] : measured) {
            QVERIFY(host.field.cell(id));
            QVERIFY(id < host.field.nextId());
            QCOMPARE(host.field.cell(id)->area, cell.area);
            QCOMPARE(host.field.cell(id)->nucleusArea, cell.nucleusArea);
            QVERIFY(host.field.cell(id)->bounds == cell.bounds);
        }
    }

    /// Undo gives the bytes of before, redo those of after.
    void checkUndo(const std::vector<mask::CellId>& cellsBefore, const std::vector<mask::CellId>& nucleiBefore)
    {
        const std::vector<mask::CellId> cells = host.field.cellMask().toIds();
        const std::vector<mask::CellId> nuclei = host.field.nucleusMask().toIds();
        host.undo();
        QVERIFY(host.field.cellMask().toIds() == cellsBefore);
        QVERIFY(host.field.nucleusMask().toIds() == nucleiBefore);
        host.redo();
        QVERIFY(host.field.cellMask().toIds() == cells);
        QVERIFY(host.field.nucleusMask().toIds() == nuclei);
    }

private:
    static std::unique_ptr<QTemporaryDir> prepareSettings()
    {
        auto folder = std::make_unique<QTemporaryDir>();
        QCoreApplication::setOrganizationName(QStringLiteral("Cellproof tests"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder->path());
        return folder;
    }

    std::unique_ptr<QTemporaryDir> m_folder;

public:
    ShownCanvas canvas;
    TestHost host;
    std::unique_ptr<ui::ToolBox> box;
};

/// Pixels whose centre is within half of `diameter` of the way from one point to another, and of which `keep` says yes.
template <class Keep>
std::int64_t capsuleArea(QPointF from, QPointF to, double diameter, Keep keep)
{
    std::int64_t count = 0;
    for (int y = 0; y < ToolBench::kSize.height; ++y) {
        for (int x = 0; x < ToolBench::kSize.width; ++x) {
            const QPointF p(x + 0.5, y + 0.5);
            const QPointF way = to - from;
            const double length2 = QPointF::dotProduct(way, way);
            const double t = length2 > 0 ? std::clamp(QPointF::dotProduct(p - from, way) / length2, 0.0, 1.0) : 0.0;
            const QPointF off = p - (from + t * way);
            if (QPointF::dotProduct(off, off) <= diameter * diameter / 4 && keep(x, y))
                ++count;
        }
    }
    return count;
}

inline std::int64_t capsuleArea(QPointF from, QPointF to, double diameter)
{
    return capsuleArea(from, to, diameter, [](int, int) { return true; });
}

} // namespace cellproof::testing
