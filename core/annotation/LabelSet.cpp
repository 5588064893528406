// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelSet.h"

#include <algorithm>
#include <utility>

namespace cellproof::annotation {

namespace {

std::pair<int, Source> placeOf(const Label& label)
{
    return {label.classId, label.provenance.source};
}

} // namespace

const char* nameOf(Source source)
{
    switch (source) {
    case Source::WeakLabel:
        return "weak label";
    case Source::Model:
        return "model";
    case Source::Person:
        return "person";
    }
    return "";
}

void LabelSet::set(Label label)
{
    const auto at = std::ranges::lower_bound(m_labels, placeOf(label), {}, placeOf);
    if (at != m_labels.end() && placeOf(*at) == placeOf(label))
        *at = std::move(label);
    else
        m_labels.insert(at, std::move(label));
}

void LabelSet::remove(int classId, Source source)
{
    std::erase_if(m_labels, [&](const Label& label) { return placeOf(label) == std::pair(classId, source); });
}

const Label* LabelSet::find(int classId) const
{
    const Label* found = nullptr;
    for (const Label& label : m_labels) {
        if (label.classId == classId)
            found = &label; // sources ascend, so the last one counts
    }
    return found;
}

bool LabelSet::has(int classId) const
{
    const Label* const label = find(classId);
    return label && label->present;
}

std::vector<int> LabelSet::present() const
{
    std::vector<int> classes;
    for (std::size_t i = 0; i < m_labels.size(); ++i) {
        const bool counts = i + 1 == m_labels.size() || m_labels[i + 1].classId != m_labels[i].classId;
        if (counts && m_labels[i].present)
            classes.push_back(m_labels[i].classId);
    }
    return classes;
}

bool LabelSet::hasPersonsDecision() const
{
    return std::ranges::any_of(m_labels, [](const Label& label) { return label.provenance.source == Source::Person; });
}

} // namespace cellproof::annotation
