// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Check.h"

#include "core/annotation/CorrectionEdit.h"
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/mask/Repair.h"

namespace cellproof::pipeline {

std::unique_ptr<annotation::Edit> repairMasks(const annotation::FieldAnnotation& field, const annotation::Provenance& person, const base::CancelToken& cancel)
{
    const mask::PairChange change = mask::repairPair(field.cellMask(), field.nucleusMask(), field.nextId(), mask::kSpeck, cancel);
    return annotation::correctMasks(field, change, "Repair the masks", person);
}

CheckReport checkProject(store::Project& project, const annotation::Provenance* repairer, const base::CancelToken& cancel, const base::Progress& progress)
{
    CheckReport report;
    report.fields = project.fields().size();
    for (std::size_t field = 0; repairer && field < report.fields; ++field) {
        cancel.throwIfCancelled();
        const std::string& id = project.fields()[field].id;
        progress.report(0.5 * double(field) / double(report.fields), id);
        try {
            const annotation::FieldAnnotation annotation = project.annotation(field);
            const std::vector<std::string> violations = mask::pairViolations(annotation.cellMask(), annotation.nucleusMask(), cancel);
            if (violations.empty())
                continue;
            if (std::unique_ptr<annotation::Edit> edit = repairMasks(annotation, *repairer, cancel))
                project.apply(field, std::move(edit));
            for (const std::string& violation : violations)
                report.repaired.emplace_back(id, violation);
        } catch (const base::Cancelled&) {
            throw;
        } catch (const base::Error&) {
            // Project::check() names it below, with the reason.
        }
    }
    report.faults = project.check(cancel, progress.part(repairer ? 0.5 : 0.0, 1.0));
    return report;
}

} // namespace cellproof::pipeline
