// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/PiecesQuestion.h"

#include "ui/tools/PaintGesture.h"
#include "ui/tools/ToolBox.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace cellproof::ui {

namespace {

constexpr int kGap = 14; // between the pieces and the question
constexpr QRgb kAmber = 0xffffc454;

} // namespace

PiecesQuestion::PiecesQuestion(ToolBox& tools, Canvas& canvas) : QFrame(&canvas), m_tools(tools), m_canvas(canvas), m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("PiecesQuestion"));
    setAttribute(Qt::WA_NoMousePropagation); // a click beside a button is none on the image
    setCursor(Qt::ArrowCursor);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 10);
    layout->addWidget(m_text);
    auto* const buttons = new QHBoxLayout;
    layout->addLayout(buttons);
    const auto add = [&](const QString& text, Qt::Key key, const QString& toolTip) {
        auto* const button = new QPushButton(text, this);
        button->setFocusPolicy(Qt::NoFocus);
        button->setToolTip(toolTip);
        connect(button, &QPushButton::clicked, this, [this, key] { answer(key); });
        buttons->addWidget(button);
    };
    add(tr("Cells of their own (Enter)"), Qt::Key_Return, tr("What this gesture and later ones cut off a cell becomes cells"));
    add(tr("They vanish (Delete)"), Qt::Key_Delete, tr("What this gesture cut off is removed, and so is what later ones cut off"));
    add(tr("Keep for now (Escape)"), Qt::Key_Escape, tr("What this gesture cut off stays cells; the question comes again"));
    hide();
    canvas.installEventFilter(this);
    connect(&tools, &ToolBox::piecesAsked, this, &PiecesQuestion::ask);
    connect(&tools, &ToolBox::piecesSettled, this, &QWidget::hide);
    connect(&canvas, &Canvas::viewChanged, this, &PiecesQuestion::place);
}

void PiecesQuestion::ask()
{
    m_text->setText(tr("%1 cut off. What shall become of cut-off pieces, now and later?").arg(piecesText(m_tools.pieces())));
    setAccessibleName(m_text->text());
    adjustSize();
    place();
    show();
    raise();
}

/// Beside the pieces where there is room, else as near as it gets.
void PiecesQuestion::place()
{
    const base::Rect pieces = m_tools.piecesBounds();
    if (pieces.isEmpty())
        return;
    const QRect asked = QRectF(m_canvas.toWidget(QPointF(pieces.x, pieces.y)), m_canvas.toWidget(QPointF(pieces.right(), pieces.bottom()))).toAlignedRect();
    const QRect room = m_canvas.rect().adjusted(4, 4, -4, -4);
    QRect place(QPoint(), size());
    const int middleX = asked.center().x() - width() / 2;
    const int middleY = asked.center().y() - height() / 2;
    const std::array<QPoint, 4> corners = {QPoint(asked.right() + kGap, middleY), QPoint(asked.left() - kGap - width(), middleY),
                                           QPoint(middleX, asked.bottom() + kGap), QPoint(middleX, asked.top() - kGap - height())};
    const auto fits = [&](QPoint corner) { return room.contains(QRect(corner, size())); };
    const auto found = std::ranges::find_if(corners, fits);
    place.moveTopLeft(found != corners.end() ? *found : corners.front());
    place.moveLeft(std::max(room.left(), std::min(place.left(), room.right() - place.width())));
    place.moveTop(std::max(room.top(), std::min(place.top(), room.bottom() - place.height())));
    move(place.topLeft());
}

bool PiecesQuestion::answer(int key)
{
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        m_tools.decidePieces(mask::Pieces::BecomeCells);
        return true;
    case Qt::Key_Delete:
        m_tools.decidePieces(mask::Pieces::Vanish);
        return true;
    case Qt::Key_Escape:
        m_tools.keepPieces();
        return true;
    default:
        return false;
    }
}

bool PiecesQuestion::eventFilter(QObject* watched, QEvent* event)
{
    if (isHidden() || (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress))
        return QFrame::eventFilter(watched, event);
    const auto* const key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() & ~Qt::KeypadModifier)
        return false;
    if (event->type() == QEvent::KeyPress)
        return answer(key->key());
    const bool taken = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Delete || key->key() == Qt::Key_Escape;
    if (taken)
        event->accept();
    return taken;
}

void PiecesQuestion::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(palette().color(QPalette::Window));
    painter.setPen(QPen(QColor::fromRgb(kAmber), 2.0));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
}

} // namespace cellproof::ui
