// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/SessionToolHost.h"

#include "ui/canvas/Canvas.h"
#include "ui/session/Session.h"

#include <utility>

namespace cellproof::ui {

SessionToolHost::SessionToolHost(Session& session, Canvas& canvas, QObject* parent) : QObject(parent), m_session(session), m_canvas(canvas) {}

const annotation::FieldAnnotation& SessionToolHost::annotation() const
{
    return m_session.annotation();
}

std::shared_ptr<const image::Pyramid> SessionToolHost::pyramid() const
{
    return m_session.currentField() >= 0 && m_session.pixels() ? m_canvas.field().pyramid : nullptr;
}

const image::Look& SessionToolHost::look() const
{
    return m_canvas.look();
}

QRectF SessionToolHost::visibleRect() const
{
    return m_canvas.view().visibleRect();
}

const std::vector<mask::CellId>& SessionToolHost::selection() const
{
    return m_canvas.selection();
}

annotation::Provenance SessionToolHost::person() const
{
    return m_session.person();
}

void SessionToolHost::apply(std::shared_ptr<const annotation::Edit> edit)
{
    m_session.apply(std::move(edit));
}

void SessionToolHost::select(std::vector<mask::CellId> cells)
{
    Q_EMIT selectionAsked(cells);
}

void SessionToolHost::tell(const QString& sentence)
{
    Q_EMIT told(sentence);
}

void SessionToolHost::hint(const QString& sentence)
{
    Q_EMIT hinted(sentence);
}

void SessionToolHost::showChange(const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Rect dirty)
{
    m_canvas.showChange(cells, nuclei, dirty);
}

void SessionToolHost::clearChange()
{
    m_canvas.clearChange();
}

void SessionToolHost::updateTool()
{
    m_canvas.updateTool();
}

} // namespace cellproof::ui
