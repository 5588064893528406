// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "tests/gui/SessionFixture.h"
#include "ui/commands/ListBox.h"
#include "ui/models/FieldListModel.h"
#include "ui/panels/FieldPanel.h"
#include "ui/panels/TextField.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QListView>
#include <QToolButton>

#include <algorithm>

using namespace cellproof;
using namespace cellproof::testing;
using namespace cellproof::ui;

namespace fs = std::filesystem;

class TestFieldPanel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<FieldPanel> m_panel;
    QListView* m_list = nullptr;
    TextField* m_search = nullptr;
    ListBox* m_standing = nullptr;
    ListBox* m_label = nullptr;

    template <class Widget>
    [[nodiscard]] Widget* named(const char* name) const
    {
        for (Widget* const widget : m_panel->findChildren<Widget*>()) {
            if (widget->accessibleName() == QLatin1String(name))
                return widget;
        }
        return nullptr;
    }

    [[nodiscard]] fs::path path() const { return fs::path(m_folder->path().toStdString()) / "test.cellproof"; }

    static void addFields(store::Project& project, int count)
    {
        std::vector<image::FieldFiles> fields;
        for (int i = 0; i < count; ++i)
            fields.emplace_back().id = "field-" + std::to_string(i);
        project.addFields(fields);
    }

    /// Two cells; `reviewed` of them accepted.
    static void segment(store::Project& project, std::size_t field, int reviewed, bool question = false)
    {
        mask::LabelMask cells({8, 8});
        cells.set({1, 1}, 1);
        cells.set({5, 5}, 2);
        const annotation::Provenance person{annotation::Source::Person, "Ada", {}, 1};
        project.setFieldContent(field, {{8, 8}, 0.08, {}, {}});
        project.apply(field, annotation::replaceSegmentation(project.annotation(field), cells, cells, {annotation::Source::Model, "m", "1", 1}));
        std::vector<mask::CellId> ids(std::size_t(reviewed), 1);
        for (int i = 0; i < reviewed; ++i)
            ids[std::size_t(i)] = i + 1;
        if (reviewed > 0)
            project.apply(field, annotation::setReview(project.annotation(field), project.scheme(), ids, annotation::ReviewState::Accepted, person));
        if (question) {
            annotation::CellEdit::Content asked;
            asked.question = "Is this one cell?";
            project.apply(field, std::make_shared<annotation::CellEdit>("Ask", std::map<mask::CellId, annotation::CellEdit::Change>{{2, {{}, asked}}}));
        }
    }

    void show()
    {
        m_session->openProject(path());
        m_session->cancelSegmentation();
        QTRY_VERIFY_WITH_TIMEOUT(!m_session->batch().running && m_session->readsUnderWay() == 0, 30000);
    }

    /// Fields 0 waiting, 1 failed, 2 with an open question, 3 with one of two cells reviewed, 4 with all, 5 without cells reviewed.
    void showSix()
    {
        {
            store::Project project = store::Project::create(path(), {});
            addFields(project, 6);
            project.setFailure(1, "It cannot be read.");
            segment(project, 2, 0, true);
            segment(project, 3, 1);
            segment(project, 4, 2);
            segment(project, 5, 0);
            project.importWeakLabels({{"field-0", {0}}, {"field-2", {0, 14}}, {"field-4", {14}}});
        }
        show();
    }

    [[nodiscard]] QStringList ids() const
    {
        QStringList all;
        for (int row = 0; row < m_list->model()->rowCount(); ++row)
            all << m_list->model()->index(row, 0).data().toString().mid(6);
        return all;
    }

    void choose(ListBox* box, const QString& beginning)
    {
        for (int i = 0; i < box->count(); ++i) {
            if (box->itemText(i).startsWith(beginning)) {
                box->setCurrentIndex(i);
                Q_EMIT box->activated(i);
                return;
            }
        }
        QFAIL(qPrintable(beginning));
    }

    [[nodiscard]] static QString itemOf(const ListBox* box, const QString& beginning)
    {
        for (int i = 0; i < box->count(); ++i) {
            if (box->itemText(i).startsWith(beginning))
                return box->itemText(i);
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase() { prepareSession(); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_session = std::make_unique<Session>();
        m_panel = std::make_unique<FieldPanel>(m_session.get());
        m_panel->resize(290, 500);
        m_panel->show();
        m_list = named<QListView>("Fields");
        m_search = named<TextField>("Search fields");
        m_standing = named<ListBox>("Show fields by state");
        m_label = named<ListBox>("Show fields by weak label");
        QVERIFY(m_list && m_search && m_standing && m_label);
    }

    void cleanup()
    {
        m_panel.reset();
        m_session.reset();
    }

    void showsFieldsByHowFarTheyAre()
    {
        showSix();
        QCOMPARE(ids().size(), 6);
        for (const auto& [state, expected] : std::initializer_list<std::pair<const char*, QStringList>>{
                 {"Segmented", {QStringLiteral("2"), QStringLiteral("3"), QStringLiteral("4"), QStringLiteral("5")}},
                 {"With open questions", {QStringLiteral("2")}},
                 {"Not reviewed", {QStringLiteral("2"), QStringLiteral("5")}},
                 {"Partly reviewed", {QStringLiteral("3")}},
                 {"Reviewed", {QStringLiteral("4")}},
             }) {
            choose(m_standing, QLatin1String(state));
            QCOMPARE(ids(), expected);
            // The count of each choice is what it shows.
            QVERIFY(m_standing->currentText().endsWith(QStringLiteral("(%1)").arg(expected.size())));
        }
        choose(m_standing, QStringLiteral("Any state"));
        QCOMPARE(ids().size(), 6);
    }

    void showsFieldsByWeakLabelAndWords()
    {
        showSix();
        const QString name = QString::fromStdString(m_session->project().scheme().at(14).name);
        QCOMPARE(itemOf(m_label, name), name + QStringLiteral(" (2)"));
        QCOMPARE(itemOf(m_label, QStringLiteral("No weak label")), QStringLiteral("No weak label (3)"));
        choose(m_label, name);
        QCOMPARE(ids(), (QStringList{QStringLiteral("2"), QStringLiteral("4")}));
        QCOMPARE(itemOf(m_standing, QStringLiteral("Reviewed")), QStringLiteral("Reviewed (1)"));
        choose(m_standing, QStringLiteral("Reviewed"));
        QCOMPARE(ids(), QStringList{QStringLiteral("4")});
        QCOMPARE(itemOf(m_label, QStringLiteral("Any weak label")), QStringLiteral("Any weak label (1)"));
        choose(m_label, QStringLiteral("No weak label"));
        QVERIFY(ids().isEmpty());
        m_panel->findChild<QToolButton*>()->click();
        QCOMPARE(ids().size(), 6);

        m_search->setText(name.toUpper());
        QCOMPARE(ids(), (QStringList{QStringLiteral("2"), QStringLiteral("4")}));
        m_search->setText(name.left(4) + QStringLiteral(" FIELD-4"));
        QCOMPARE(ids(), QStringList{QStringLiteral("4")});
        m_search->setText(QStringLiteral("reviewed"));
        QCOMPARE(ids(), QStringList{QStringLiteral("4")});
        QTest::keyClick(m_search, Qt::Key_Escape);
        QCOMPARE(ids().size(), 6);
    }

    void theFieldInViewStaysWhereItIsLeftOut()
    {
        showSix();
        m_session->showField(3);
        auto* const count = named<QLabel>("Fields shown");
        QCOMPARE(count->text(), QStringLiteral("6 fields"));
        choose(m_standing, QStringLiteral("Reviewed"));
        QCOMPARE(m_session->currentField(), 3);
        QVERIFY(!m_list->selectionModel()->hasSelection());
        QCOMPARE(count->text(), QStringLiteral("1 of 6 fields; not the one in view"));
        QVERIFY(!m_panel->step(-1));
        QVERIFY(m_panel->step(1));
        QCOMPARE(m_session->currentField(), 4);
        QCOMPARE(count->text(), QStringLiteral("1 of 6 fields"));
        QCOMPARE(m_list->currentIndex().row(), 0);
    }

    void aFieldComesAndGoesAsItChanges()
    {
        showSix();
        m_session->showField(5);
        choose(m_standing, QStringLiteral("Not reviewed"));
        QCOMPARE(ids(), (QStringList{QStringLiteral("2"), QStringLiteral("5")}));
        m_session->apply(
            annotation::setReview(m_session->annotation(), m_session->project().scheme(), {1}, annotation::ReviewState::Accepted, m_session->person()));
        QCOMPARE(ids(), QStringList{QStringLiteral("2")});
        QCOMPARE(m_session->currentField(), 5);
        QTRY_COMPARE(itemOf(m_standing, QStringLiteral("Partly")), QStringLiteral("Partly reviewed (2)"));
        m_session->undo();
        QCOMPARE(ids(), (QStringList{QStringLiteral("2"), QStringLiteral("5")}));
        QCOMPARE(m_list->currentIndex().row(), 1);
    }

    void anotherProjectBeginsWithoutFilter()
    {
        showSix();
        choose(m_standing, QStringLiteral("Reviewed"));
        m_search->setText(QStringLiteral("4"));
        show();
        QCOMPARE(ids().size(), 6);
        QVERIFY(m_search->text().isEmpty());
        QVERIFY(m_standing->currentText().startsWith(QStringLiteral("Any state")));
    }

    void everyChoiceIsReachedByKey()
    {
        showSix();
        m_panel->activateWindow();
        m_panel->focusSearch();
        std::vector<QWidget*> reached;
        for (int i = 0; i < 5; ++i) {
            reached.push_back(m_panel->focusWidget());
            QTest::keyClick(m_panel->focusWidget(), Qt::Key_Tab);
        }
        for (QWidget* const widget : std::initializer_list<QWidget*>{m_search, m_standing, m_label, m_list})
            QVERIFY2(std::ranges::find(reached, widget) != reached.end(), qPrintable(widget->accessibleName()));
    }

    /// Search and filters of 10,000 fields: 50 ms, painting included.
    void answersAtOnce()
    {
        constexpr int kFields = 10000;
        {
            store::Project project = store::Project::create(path(), {});
            addFields(project, kFields);
            std::vector<store::WeakLabelRow> labels;
            for (int i = 0; i < kFields; ++i)
                labels.push_back({"field-" + std::to_string(i), {i % 7, 7 + i % 11}});
            project.importWeakLabels(labels);
        }
        show();
        double slowest = 0;
        const auto timed = [&](const auto& action) {
            QElapsedTimer timer;
            timer.start();
            action();
            m_list->viewport()->repaint();
            slowest = std::max(slowest, double(timer.nsecsElapsed()) / 1e6);
        };
        const QString word = QStringLiteral("field-77");
        for (int length = 1; length <= word.size(); ++length)
            timed([&] { m_search->setText(word.left(length)); });
        QCOMPARE(ids().size(), 111);
        timed([&] { m_search->clear(); });
        timed([&] { m_search->setText(QString::fromStdString(m_session->project().scheme().at(3).name)); });
        timed([&] { m_search->clear(); });
        for (int i = 0; i < m_label->count(); ++i) {
            timed([&] {
                m_label->setCurrentIndex(i);
                Q_EMIT m_label->activated(i);
            });
        }
        for (int i = 0; i < m_standing->count(); ++i) {
            timed([&] {
                m_standing->setCurrentIndex(i);
                Q_EMIT m_standing->activated(i);
            });
        }
        qInfo("slowest answer: %.1f ms", slowest);
        QVERIFY2(slowest < 200, qPrintable(QString::number(slowest))); // the goal is 50 ms; a loaded machine is given more
    }
};

QTEST_MAIN(TestFieldPanel)
#include "tst_FieldPanel.moc"
