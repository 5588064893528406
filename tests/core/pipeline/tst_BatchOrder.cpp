// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/pipeline/BatchOrder.h"
#include "tests/support/TestData.h"

#include <QDateTime>
#include <QTemporaryDir>

using namespace cellproof;
using pipeline::BatchOrder;
namespace fs = std::filesystem;

class TestBatchOrder : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_projects = 0;

    /// Four fields: the second one was changed, the third one failed.
    store::Project makeProject()
    {
        store::Project project = store::Project::create(fs::path(m_folder.path().toStdString()) / (std::to_string(++m_projects) + ".cellproof"), {});
        std::vector<image::FieldFiles> fields(4);
        for (std::size_t i = 0; i < fields.size(); ++i)
            fields[i].id = "f" + std::to_string(i);
        project.addFields(fields);
        project.setFieldContent(1, {{8, 8}, 0.08, {}, {}});
        project.apply(1, std::make_shared<annotation::WeakLabelEdit>(std::vector<int>{}, std::vector<int>{0}));
        project.setFailure(2, "It cannot be read.");
        return project;
    }

private Q_SLOTS:
    void newProjectGoesOn()
    {
        store::Project project = makeProject();
        QCOMPARE(pipeline::loadBatchOrder(project), BatchOrder());
        // A failed field is not begun by itself.
        QCOMPARE(pipeline::fieldsLeft(project, {}), (std::vector<std::size_t>{0, 1, 3}));
    }

    void isKept()
    {
        store::Project project = makeProject();
        for (const auto state : {BatchOrder::State::Going, BatchOrder::State::Paused, BatchOrder::State::Stopped}) {
            const BatchOrder order{state, {{"f2", 5}, {"ä \" \n", 1}}, {"f3"}};
            pipeline::saveBatchOrder(project, order);
            QCOMPARE(pipeline::loadBatchOrder(store::Project::open(project.path())), order);
        }
        project.setSetting("batch", "no JSON");
        QCOMPARE(pipeline::loadBatchOrder(project), BatchOrder());
        project.setSetting("batch", R"({"state": 3, "again": []})");
        QCOMPARE(pipeline::loadBatchOrder(project), BatchOrder());
    }

    void comprisesWhatWasAsked()
    {
        store::Project project = makeProject();
        BatchOrder order;
        order.skipped = {"f0"};
        order.again = {{"f2", 5}};
        QCOMPARE(pipeline::fieldsLeft(project, order), (std::vector<std::size_t>{1, 2, 3}));
        order.state = BatchOrder::State::Paused;
        QCOMPARE(pipeline::fieldsLeft(project, order), (std::vector<std::size_t>{1, 2, 3}));
        order.state = BatchOrder::State::Stopped; // what was asked afterwards only
        QCOMPARE(pipeline::fieldsLeft(project, order), (std::vector<std::size_t>{2}));
        // Segmented since it was asked; what a person did meanwhile does not count.
        order.again = {{"f1", 5}, {"f2", 5}};
        QCOMPARE(pipeline::fieldsLeft(project, order), (std::vector<std::size_t>{1, 2}));
        mask::LabelMask cell({8, 8});
        cell.set({3, 3}, 1);
        QVERIFY(project.apply(1, store::PreparedEdit(project.annotation(1), annotation::replaceSegmentation(project.annotation(1), cell, cell, {})),
                              {cell.size(), 0.08, {}, {}}));
        QCOMPARE(pipeline::fieldsLeft(project, order), (std::vector<std::size_t>{2}));
        order.again = {{"f1", QDateTime::currentMSecsSinceEpoch() + 1000}};
        QCOMPARE(pipeline::fieldsLeft(project, order), (std::vector<std::size_t>{1}));
    }
};

QTEST_APPLESS_MAIN(TestBatchOrder)
#include "tst_BatchOrder.moc"
