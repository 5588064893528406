// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/CellPresentation.h"

#include <QCoreApplication>

#include <algorithm>

namespace cellproof::ui {

namespace {

/// Classes that a cell has: a person's decisions first.
std::vector<const annotation::LabelClass*> classesOf(const annotation::LabelSet& labels, const annotation::LabelScheme& scheme)
{
    std::vector<const annotation::LabelClass*> classes;
    for (const int classId : labels.present()) {
        if (classId < scheme.classCount())
            classes.push_back(&scheme.at(classId));
    }
    std::stable_partition(classes.begin(), classes.end(),
                          [&](const annotation::LabelClass* c) { return labels.find(c->id)->provenance.source == annotation::Source::Person; });
    return classes;
}

} // namespace

CellChips chipsOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme)
{
    CellChips chips;
    for (const auto& [id, cell] : field.cells()) {
        const annotation::LabelSet labels = field.labelsOf(id);
        std::vector<CellChip> list;
        for (const annotation::LabelClass* const c : classesOf(labels, scheme))
            list.push_back(
                {QString::fromStdString(c->shortName), QColor::fromRgb(c->colour), labels.find(c->id)->provenance.source != annotation::Source::Person});
        if (cell.review == annotation::ReviewState::Accepted)
            list.insert(list.begin(), {QCoreApplication::translate("CellPresentation", "✓ accepted"), QColor(0x66, 0xd1, 0x7a), false});
        else if (cell.review == annotation::ReviewState::Discarded)
            list.insert(list.begin(), {QCoreApplication::translate("CellPresentation", "✗ discarded"), QColor(0xb0, 0xb0, 0xb0), false});
        else if (cell.review == annotation::ReviewState::Unsure)
            list.insert(list.begin(), {QCoreApplication::translate("CellPresentation", "? unsure"), QColor(0xff, 0xc1, 0x07), false});
        if (!list.empty())
            chips[id] = std::move(list);
    }
    return chips;
}

std::map<mask::CellId, QColor> classColoursOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme)
{
    std::map<mask::CellId, QColor> colours;
    for (const auto& [id, cell] : field.cells()) {
        const auto classes = classesOf(field.labelsOf(id), scheme);
        colours[id] = classes.empty() ? QColor(0x90, 0x90, 0x90) : QColor::fromRgb(classes.front()->colour);
    }
    return colours;
}

} // namespace cellproof::ui
