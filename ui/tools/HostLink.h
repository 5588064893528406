// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/ToolHost.h"

#include <utility>

namespace cellproof::ui {

/// Hands on to a host until the link is cut; then it shows nothing and does nothing. So tools can be put away when what
/// they worked on is gone already.
class HostLink : public ToolHost
{
public:
    explicit HostLink(ToolHost& host) : m_host(&host) {}

    void cut() { m_host = nullptr; }

    [[nodiscard]] const annotation::FieldAnnotation& annotation() const override { return m_host ? m_host->annotation() : m_nothing; }
    [[nodiscard]] std::shared_ptr<const image::Pyramid> pyramid() const override { return m_host ? m_host->pyramid() : nullptr; }
    [[nodiscard]] const image::Look& look() const override { return m_host ? m_host->look() : m_look; }
    [[nodiscard]] QRectF visibleRect() const override { return m_host ? m_host->visibleRect() : QRectF(); }
    [[nodiscard]] const std::vector<mask::CellId>& selection() const override { return m_host ? m_host->selection() : m_noCells; }
    [[nodiscard]] annotation::Provenance person() const override { return m_host ? m_host->person() : annotation::Provenance(); }

    void apply(std::shared_ptr<const annotation::Edit> edit) override
    {
        if (m_host)
            m_host->apply(std::move(edit));
    }

    void select(std::vector<mask::CellId> cells) override
    {
        if (m_host)
            m_host->select(std::move(cells));
    }

    /// What was told last is still to be read when something else is in view.
    void keepTold() { m_told = false; }

    /// Takes back what was told last, which is about something else now.
    void forgetTold()
    {
        if (std::exchange(m_told, false) && m_host)
            m_host->tell({});
    }

    void tell(const QString& sentence) override
    {
        m_told = true;
        if (m_host)
            m_host->tell(sentence);
    }

    void hint(const QString& sentence) override
    {
        if (m_host)
            m_host->hint(sentence);
    }

    void showChange(const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Rect dirty) override
    {
        if (m_host)
            m_host->showChange(cells, nuclei, dirty);
    }

    void clearChange() override
    {
        if (m_host)
            m_host->clearChange();
    }

    void updateTool() override
    {
        if (m_host)
            m_host->updateTool();
    }

private:
    ToolHost* m_host;
    bool m_told = false; ///< since forgetTold()
    annotation::FieldAnnotation m_nothing;
    image::Look m_look;
    std::vector<mask::CellId> m_noCells;
};

} // namespace cellproof::ui
