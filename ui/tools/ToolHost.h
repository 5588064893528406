// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/base/Geometry.h"
#include "core/image/Look.h"
#include "core/image/Pyramid.h"
#include "core/mask/LabelMask.h"

#include <QRectF>
#include <QString>

#include <memory>
#include <vector>

namespace cellproof::ui {

/// What a tool may ask for and do: the field in view as its document, its picture and its canvas. Everything happens on
/// the window's thread.
class ToolHost
{
public:
    virtual ~ToolHost() = default;

    /// The document of the field in view. Its masks are empty (0 x 0) for a field that has never been read into the
    /// project; apply() then takes an edit that belongs to masks of the size of the picture.
    [[nodiscard]] virtual const annotation::FieldAnnotation& annotation() const = 0;

    /// The pixels on the canvas; null where none are shown.
    [[nodiscard]] virtual std::shared_ptr<const image::Pyramid> pyramid() const = 0;

    /// Which channels are shown and how.
    [[nodiscard]] virtual const image::Look& look() const = 0;

    /// The part of the image plane in view, in image pixels; it may reach beyond the image.
    [[nodiscard]] virtual QRectF visibleRect() const = 0;

    [[nodiscard]] virtual const std::vector<mask::CellId>& selection() const = 0;

    /// Who makes the corrections, and when: now.
    [[nodiscard]] virtual annotation::Provenance person() const = 0;

    /// Applies an edit to the field in view, with undo. What goes wrong the host tells itself.
    virtual void apply(std::shared_ptr<const annotation::Edit> edit) = 0;

    virtual void select(std::vector<mask::CellId> cells) = 0;

    /// Tells a sentence about what just happened; an empty one takes back the sentence before.
    virtual void tell(const QString& sentence) = 0;

    /// Says what a press would do now; empty where there is nothing to say. Stays until the next call.
    virtual void hint(const QString& sentence) = 0;

    /// Shows on the canvas in `dirty` how these masks differ from those of the document; clearChange() ends it.
    virtual void showChange(const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Rect dirty) = 0;
    virtual void clearChange() = 0;

    /// What the tool draws over the image, or its cursor, is another one now.
    virtual void updateTool() = 0;
};

} // namespace cellproof::ui
