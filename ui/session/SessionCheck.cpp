// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that checks masks.
#include "core/jobs/JobQueue.h"
#include "core/mask/Components.h"
#include "core/pipeline/Check.h"
#include "ui/session/Session.h"

#include <utility>

namespace cellproof::ui {

void Session::checkMasks()
{
    if (m_current < 0)
        return;
    struct Outcome
    {
        QStringList violations;
        std::shared_ptr<const annotation::Edit> repair;
    };
    const JobNumber busy = beginBusy(tr("Checking masks"));
    auto found = std::make_shared<Outcome>();
    jobs::Job job;
    job.title = "Check masks";
    job.work = [field = m_annotation, asker = person(), found](const base::CancelToken& token, const base::Progress&) {
        for (const std::string& violation : mask::pairViolations(field.cellMask(), field.nucleusMask(), token))
            found->violations << QString::fromStdString(violation);
        if (!found->violations.isEmpty())
            found->repair = pipeline::repairMasks(field, asker, token);
    };
    job.finished = [this, back = wayBack(), busy, field = m_current, found](const jobs::JobOutcome& outcome) {
        postBack([this, busy, outcome] { endBusy(busy, outcome); });
        if (outcome.end == jobs::JobEnd::Cancelled)
            return;
        back([this, field, found, outcome] {
            if (outcome.end == jobs::JobEnd::Failed)
                Q_EMIT failed(QString::fromStdString(outcome.error));
            else if (field == m_current)
                Q_EMIT masksChecked(found->violations, found->repair);
        });
    };
    job.progress = m_jobs->progressOf(busy);
    m_jobs->setCancel(busy, [this, id = m_viewQueue->submit(std::move(job))] { m_viewQueue->cancel(id); });
}

} // namespace cellproof::ui
