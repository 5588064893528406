// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/ToolHost.h"

#include <QObject>

namespace cellproof::ui {

class Canvas;
class Session;

/// Tools at work on the field in view of a session and on its canvas. The selection belongs to the window: it is read from
/// the canvas, and what a tool wants to select is asked for.
class SessionToolHost : public QObject, public ToolHost
{
    Q_OBJECT

public:
    /// Both must outlive the host.
    SessionToolHost(Session& session, Canvas& canvas, QObject* parent = nullptr);

    [[nodiscard]] const annotation::FieldAnnotation& annotation() const override;
    [[nodiscard]] std::shared_ptr<const image::Pyramid> pyramid() const override;
    [[nodiscard]] const image::Look& look() const override;
    [[nodiscard]] QRectF visibleRect() const override;
    [[nodiscard]] const std::vector<mask::CellId>& selection() const override;
    [[nodiscard]] annotation::Provenance person() const override;
    void apply(std::shared_ptr<const annotation::Edit> edit) override;
    void select(std::vector<mask::CellId> cells) override;
    void tell(const QString& sentence) override;
    void hint(const QString& sentence) override;
    void showChange(const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Rect dirty) override;
    void clearChange() override;
    void updateTool() override;

Q_SIGNALS:
    void selectionAsked(const std::vector<cellproof::mask::CellId>& cells);
    void told(const QString& sentence);   ///< about what just happened
    void hinted(const QString& sentence); ///< what a press would do now; empty for nothing

private:
    Session& m_session;
    Canvas& m_canvas;
};

} // namespace cellproof::ui
