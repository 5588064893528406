// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/CellPresentation.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

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
        if (!cell.question.empty())
            list.insert(list.begin(), {QCoreApplication::translate("CellPresentation", "? question"), QColor(0xff, 0x8a, 0x3d), false});
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

QString segmentationText(const annotation::SegmentationCounts& counts)
{
    if (counts.kept + counts.matched + counts.united + counts.gone == 0)
        return {};
    QStringList parts;
    const auto add = [&parts](std::size_t count, const char* text) {
        if (count > 0)
            parts << QCoreApplication::translate("CellPresentation", text).arg(QLocale().toString(static_cast<qulonglong>(count)));
    };
    add(counts.matched, QT_TRANSLATE_NOOP("CellPresentation", "%1 found again"));
    add(counts.kept, QT_TRANSLATE_NOOP("CellPresentation", "%1 kept as they were"));
    add(counts.united, QT_TRANSLATE_NOOP("CellPresentation", "%1 united with others"));
    add(counts.added, QT_TRANSLATE_NOOP("CellPresentation", "%1 new"));
    add(counts.gone, QT_TRANSLATE_NOOP("CellPresentation", "%1 gone"));
    add(counts.questions, QT_TRANSLATE_NOOP("CellPresentation", "%1 to look at (F8)"));
    return QCoreApplication::translate("CellPresentation", "cells: %1.").arg(parts.join(QStringLiteral(", ")));
}

QString provenanceText(const annotation::Provenance& provenance, bool withOptions)
{
    QString text = QString::fromStdString(provenance.name);
    QString version = QString::fromStdString(provenance.version);
    if (const qsizetype options = version.indexOf(QLatin1Char('{')); options >= 0 && !withOptions)
        version.truncate(options);
    if (version = version.trimmed(); !version.isEmpty())
        text += QLatin1Char(' ') + version;
    if (provenance.time != 0)
        text += QStringLiteral(", ") + QLocale().toString(QDateTime::fromMSecsSinceEpoch(provenance.time), QLocale::ShortFormat);
    return text;
}

} // namespace cellproof::ui
