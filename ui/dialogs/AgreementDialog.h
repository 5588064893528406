// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pipeline/Merge.h"

#include <QDialog>

namespace cellproof::ui {

/// What merging projects found: how well the people agree on each class, as table and chart, and what is left to decide.
class AgreementDialog : public QDialog
{
    Q_OBJECT

public:
    AgreementDialog(pipeline::MergeReport report, const std::filesystem::path& merged, QWidget* parent = nullptr);

Q_SIGNALS:
    void openAsked(); ///< the merged project is to be opened

private:
    void askWhereToSave();

    pipeline::MergeReport m_report;
};

} // namespace cellproof::ui
