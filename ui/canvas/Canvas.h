// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Channel.h"
#include "core/image/Compositor.h"
#include "core/image/Pyramid.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/canvas/CanvasScene.h"
#include "ui/canvas/CanvasTool.h"
#include "ui/canvas/CellChips.h"
#include "ui/canvas/CellPainter.h"
#include "ui/canvas/LiveChange.h"
#include "ui/canvas/ViewTransform.h"

#include <QColor>
#include <QImage>
#include <QPointF>
#include <QString>
#include <QWidget>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

class QGestureEvent;
class QNativeGestureEvent;
class QTabletEvent;

namespace cellproof::ui {

/// What the canvas shows: the pixels of one field.
struct CanvasField
{
    std::shared_ptr<const image::Pyramid> pyramid;
    double pixelSize = image::kDefaultPixelSize; ///< micrometres; 0 or less where unknown: no scale bar
};

/// The picture of one field with its cells, to look at and to point into. It shows what it is given and tells what the
/// user does; which cell is selected, the owner decides (see cellClicked()). Composes only what is visible, keeps the
/// composed picture while only selection or hover change, and never does more than painting on the window's thread.
///
/// Mouse: click tells of a cell; dragging with the left or the middle button, or with Space held, moves the image; the
/// wheel and pinching zoom at the cursor; Shift and the wheel moves sideways; a double click brings a cell to the middle.
/// A wheel with Alt is left to the tool or else to the owner. Where there is a tool it gets the left button, see setTool().
class Canvas : public QWidget
{
    Q_OBJECT

public:
    explicit Canvas(QWidget* parent = nullptr);
    ~Canvas() override;

    /// Shows a field, the whole of it in view. Message, notice, masks, chips, colours of cells and selection are dropped.
    /// With `keepView`, for better pixels of the field that is shown already, everything stays; where the size differs
    /// it is the same as without. A null or empty pyramid is the same as clearField().
    void setField(CanvasField field, bool keepView = false);

    /// Shows no field but a message in the middle, for instance what is being read or why it cannot be.
    /// `coarse`, if any, is a small picture of the whole field that stands for it until its pixels are there.
    void clearField(const QString& message = {}, const QImage& coarse = {});

    [[nodiscard]] bool hasField() const { return m_field.pyramid != nullptr; }
    [[nodiscard]] const CanvasField& field() const { return m_field; }

    /// Which channels are shown and how.
    void setLook(const image::Look& look);
    [[nodiscard]] const image::Look& look() const { return m_look; }

    /// One picture or four. The same part of the image stays in view, as far as there is room.
    void setLayout(CanvasLayout layout);
    [[nodiscard]] CanvasLayout layout() const { return m_layout; }

    /// The cells; null for none. Masks of another size than the field are not drawn. Only what differs from those shown is
    /// drawn anew. Ends showChange() where no gesture of a tool is under way, else in so far as the masks contain the change.
    void setMasks(std::shared_ptr<const CanvasMasks> masks);
    [[nodiscard]] const std::shared_ptr<const CanvasMasks>& masks() const { return m_masks; }

    /// Colours of cells (class-coloured mode); a cell that is absent has a colour that differs from its neighbours'.
    void setCellColours(std::map<mask::CellId, QColor> colours);

    /// Labels beside cells.
    void setCellChips(CellChips chips);

    /// The selected cells, drawn white. Ids without pixels are kept but not drawn.
    void setSelection(std::vector<mask::CellId> selection);
    [[nodiscard]] const std::vector<mask::CellId>& selection() const { return m_selection; }

    /// Gives the left button, the pen and Alt with the wheel over the image to a tool that must live until another is set or
    /// the canvas is gone; null: to look and to select, as described above. A gesture under way is ended as by endGesture(), also
    /// by setLayout(); what the last tool had begun besides is abandoned, and so is all with another field (call endGesture()
    /// while the field is still there) and on Escape; where the focus goes elsewhere while the button is down the gesture goes
    /// on. Enter and a double click complete. Space with dragging and the middle button always pan.
    void setTool(CanvasTool* tool);
    [[nodiscard]] CanvasTool* tool() const { return m_tool; }

    /// Lets the tool end a gesture as if the button had gone up where the pointer was last. Nothing happens where none is
    /// under way.
    void endGesture();

    /// To be called where what CanvasTool::paint() draws has changed for another reason than a call of the canvas.
    void updateTool();

    /// Shows, during a gesture, in which pixels the masks being worked on differ from masks(): gained ones light (of nuclei
    /// bluish), lost ones dark and hatched, new borders between cells as a dashed line. `dirty` (image pixels) holds all
    /// pixels that changed since the last call; what was shown elsewhere stays until clearChange() or setMasks(). Takes time
    /// by the size of `dirty` only. Ignored where the masks do not have the size of the field.
    void showChange(const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Rect dirty);
    void clearChange();

    /// One line at the top, for instance which channels the field lacks; empty for none.
    void setNotice(const QString& notice);
    [[nodiscard]] const QString& notice() const { return m_notice; }

    /// Takes the notice away as a click on its mark does: noticeClosed().
    void closeNotice();

    [[nodiscard]] bool showsOutlines() const { return m_style->outlines; }
    [[nodiscard]] bool showsFills() const { return m_style->fills; }
    [[nodiscard]] bool showsNuclei() const { return m_style->nuclei; }
    [[nodiscard]] bool showsChips() const { return m_showChips; }
    [[nodiscard]] bool showsIds() const { return m_showIds; }
    [[nodiscard]] double fillOpacity() const { return m_style->fillOpacity; }

    /// Which part of the field is in view.
    [[nodiscard]] const ViewTransform& view() const { return m_view; }

    /// Device pixels per image pixel: 1 at 100 %.
    [[nodiscard]] double scale() const { return m_view.scale(); }

    /// The image position under a widget position, and back.
    [[nodiscard]] QPointF toImage(QPointF widgetPosition) const;
    [[nodiscard]] QPointF toWidget(QPointF imagePosition) const;

    /// The cell at a widget position: 0 for background, outside the field and where there are no masks.
    [[nodiscard]] mask::CellId cellAt(QPointF widgetPosition) const;

    /// Multiplies the scale; the image stays where it is at `widgetPosition`.
    void zoomAt(QPointF widgetPosition, double factor);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

public Q_SLOTS:
    void setOutlinesShown(bool shown);
    void setFillsShown(bool shown);
    void setNucleiShown(bool shown);
    void setChipsShown(bool shown);
    void setIdsShown(bool shown);

    /// 0 (clear) .. 1 (opaque); 0.25 from the start.
    void setFillOpacity(double opacity);

    void zoomIn();
    void zoomOut();

    /// Moves the view over the image by that many fifths of the canvas: positive to the right and down.
    void step(int right, int down);

    /// Brings the whole field into view.
    void fitToWindow();

    /// One image pixel on one pixel of the screen, about the middle of the view.
    void actualSize();

    /// Brings a cell to the middle, zoomed so that it is seen well. Nothing happens for an id without pixels.
    void centreOn(cellproof::mask::CellId id);

Q_SIGNALS:
    /// A click that was not a drag: the cell under it, 0 for background, and the keys held.
    void cellClicked(cellproof::mask::CellId id, Qt::KeyboardModifiers modifiers);

    /// A double click on a cell, which the canvas has brought to the middle.
    void cellDoubleClicked(cellproof::mask::CellId id);

    /// The cursor is over another pixel: its position (nothing outside the field), the raw values of the four channels
    /// in RGBY order (nothing for a channel the field lacks), the cell (0: none).
    void cursorMoved(std::optional<cellproof::base::Point> position, std::array<std::optional<int>, 4> values, cellproof::mask::CellId id);

    /// The user closed the notice, which is not shown any more.
    void noticeClosed();

    /// The view was moved, zoomed or resized. `scale` in device pixels per image pixel.
    void viewChanged(double scale);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void tabletEvent(QTabletEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    enum class Drag { None, Pressed, Pan, Minimap, Tool };

    /// What lies in the corners of the view, where it was last painted.
    struct Corners
    {
        QRectF scaleBar;
        QRectF gammaMarks;
        QRectF notice;
        QRectF minimap;
        std::vector<QRectF> names; ///< of the channels, side by side
    };

    bool pinch(QGestureEvent* event);
    bool nativeGesture(QNativeGestureEvent* event);

    void syncViewSize(); // a hidden widget gets no resize event
    void viewWasChanged();
    void imageWasChanged();
    void sceneWasChanged();
    void cornersWereChanged();
    void chipsWereChanged();
    template <typename Change>
    void changeStyle(Change&& change);
    void updateImage(const QRectF& imageRect, double margin);
    void updateImage(const base::Rect& imageRect, double margin);
    void updateCell(mask::CellId id);
    void setHovered(mask::CellId id);
    void followCursor();
    void moveCross(std::optional<QPointF> position);
    void updateCursorShape();
    void describe();
    void dropField();

    [[nodiscard]] std::vector<ScenePane> panes() const;
    [[nodiscard]] std::size_t paneAt(QPointF widgetPosition) const;
    [[nodiscard]] std::size_t paneInUse(QPointF widgetPosition) const;
    [[nodiscard]] QPointF paneCorner(std::size_t pane) const;
    [[nodiscard]] QRectF paneRect(std::size_t pane) const;

    [[nodiscard]] ToolEvent toolEvent(QPointF widgetPosition, Qt::KeyboardModifiers modifiers, std::optional<double> pressure) const;
    bool pressTool(QPointF at, Qt::KeyboardModifiers modifiers, std::optional<double> pressure);
    bool moveTool(QPointF at, Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers, std::optional<double> pressure);
    bool releaseTool(QPointF at, Qt::KeyboardModifiers modifiers, std::optional<double> pressure);
    void endToolDrag();
    bool abandonTool();
    bool isToolKey(int key);
    void tellModifiers(Qt::KeyboardModifiers modifiers);
    void updateChange(const base::Rect& imageRect);

    void renderScene();
    void renderMinimap();
    void paintPane(QPainter& painter, const ScenePane& pane, const QRect& dirty);
    void paintMarked(QPainter& painter, const ScenePane& pane, const QRect& dirty);
    void paintCross(QPainter& painter) const;
    void paintCorners(QPainter& painter, const QRect& dirty);
    void placeAllChips();
    [[nodiscard]] bool masksFit() const;
    [[nodiscard]] bool hasChips() const;
    [[nodiscard]] QRectF minimap() const;
    void panToMinimap(QPointF widgetPosition);

    CanvasField m_field;
    image::Look m_look;
    CanvasLayout m_layout = CanvasLayout::Overlay;
    std::shared_ptr<const CanvasMasks> m_masks;
    std::shared_ptr<const CellStyle> m_style = std::make_shared<const CellStyle>(); ///< replaced, never changed: the scene compares
    CellChips m_chips;
    bool m_showChips = true;
    bool m_showIds = false;
    std::vector<mask::CellId> m_selection;
    mask::CellId m_hovered = 0;
    QString m_message;
    QImage m_coarse; ///< shown with the message
    QString m_notice;
    ViewTransform m_view; ///< of each pane
    QSize m_size;         ///< of the canvas in device pixels

    CanvasScene m_scene; ///< the channels and the cells in view
    std::optional<std::vector<PlacedChips>> m_placedChips;
    std::optional<Corners> m_corners; ///< nothing: to be found by painting them
    ChipPainter m_chipPainter;
    QImage m_minimap;
    QImage m_marked; ///< to draw the scene's pixels with what lies over them in

    CanvasTool* m_tool = nullptr;
    LiveChange m_change;
    std::optional<QRectF> m_toolRect; ///< what the tool last painted, in pixels of each pane; nothing: anywhere
    Qt::KeyboardModifiers m_toldModifiers = Qt::NoModifier;
    int m_keyTaken = 0; ///< a key that was used before its press came
    bool m_compressedMoves = false;
    ToolEvent m_lastEvent; ///< of the gesture under way

    Drag m_drag = Drag::None;
    QPointF m_pressedAt;
    QPointF m_lastAt;
    std::optional<QPointF> m_cursor; ///< while it is over the canvas
    std::size_t m_pane = 0;          ///< the one that a drag began in or that the cursor was last in
    std::optional<QPointF> m_cross;  ///< image position under the cursor, side by side
    bool m_spaceHeld = false;
    bool m_told = false; ///< whether cursorMoved() last told of a position
    base::Point m_toldPosition;
};

} // namespace cellproof::ui
