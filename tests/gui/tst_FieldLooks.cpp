// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/NamedLook.h"
#include "tests/gui/SessionFixture.h"
#include "ui/panels/ChannelPanel.h"
#include "ui/panels/FieldLookBinding.h"
#include "ui/session/FieldLooks.h"

#include <QElapsedTimer>

using namespace cellproof;
using namespace cellproof::testing;
using namespace cellproof::ui;
using image::Channel;

namespace {

/// A look that differs from the default one in everything.
FieldLook otherLook()
{
    FieldLook look;
    look.base = "colour-safe";
    look.look = *image::lookNamed("colour-safe");
    look.look[Channel::Red].visible = false;
    look.look[Channel::Green].gamma = 0.7;
    look.look[Channel::Blue].colour = {1, 2, 3};
    look.ranges = {RangeKind::Automatic, RangeKind::ByHand, RangeKind::Full, RangeKind::Hpa};
    look.depths[1] = image::BitDepth::Sixteen;
    look.look[Channel::Green].low = 120;
    look.look[Channel::Green].high = 4000;
    return look;
}

} // namespace

class TestFieldLooks : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

private Q_SLOTS:
    void initTestCase() { prepareSession(); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void jsonKeepsEverything()
    {
        QCOMPARE(FieldLook::fromJson(FieldLook().toJson()), std::optional(FieldLook()));
        QCOMPARE(FieldLook::fromJson(otherLook().toJson()), std::optional(otherLook()));
    }

    void jsonThatCannotBeIsRefused()
    {
        const QString good = QString::fromStdString(otherLook().toJson());
        QVERIFY(FieldLook::fromJson(good.toStdString()));
        const auto with = [&](const QString& before, const QString& after) {
            Q_ASSERT(good.contains(before));
            return FieldLook::fromJson(QString(good).replace(before, after).toStdString());
        };
        QVERIFY(!with(QStringLiteral("colour-safe"), QStringLiteral("no such look")));
        QVERIFY(!with(QStringLiteral("\"by hand\""), QStringLiteral("\"by foot\"")));
        QVERIFY(!with(QStringLiteral("4000"), QStringLiteral("70000")));
        QVERIFY(!with(QStringLiteral("4000"), QStringLiteral("100")));
        QVERIFY(!with(QStringLiteral("0.7"), QStringLiteral("-1")));
        QVERIFY(!with(QStringLiteral("16"), QStringLiteral("12")));
        for (const char* const text : {"", "{}", "[]", "null", "{\"base\":\"hpa\"}", "\xff\xfe", "{\"base\":\"hpa\",\"look\":3,\"ranges\":[],\"bits\":[]}"})
            QVERIFY2(!FieldLook::fromJson(text), text);
    }

    void customIsWhatWasMadeByHand()
    {
        FieldLook look;
        QVERIFY(!look.isCustom());
        look.look[Channel::Red].visible = false;
        QVERIFY(!look.withRanges(RangeKind::Automatic).isCustom());
        look.ranges[2] = RangeKind::ByHand;
        QVERIFY(look.isCustom());
        QVERIFY(!look.withOwnRanges().isCustom());
        QCOMPARE(look.withOwnRanges().ranges[2], RangeKind::Automatic);
        const FieldLook named = otherLook().withBase("hpa");
        QVERIFY(!named.isCustom());
        QVERIFY(!named.look[Channel::Red].visible);
        QCOMPARE(named.ranges[1], RangeKind::Automatic);
        QCOMPARE(otherLook().withBase("no such look"), otherLook());
        FieldLook gamma;
        gamma.look[Channel::Blue].gamma = 1.1;
        QVERIFY(gamma.isCustom());
    }

    void aFieldHasTheDefaultLookUntilItIsChanged()
    {
        Session session;
        openProject(session, *m_folder, {"a", "b", "c"});
        FieldLooks looks(&session);
        QCOMPARE(looks.look(0), FieldLook());
        looks.set(0, otherLook());
        QCOMPARE(looks.look(0), otherLook());
        QVERIFY(looks.isOwn(0) && !looks.isOwn(1));
        QCOMPARE(looks.look(1), FieldLook());
    }

    void looksSurvive()
    {
        {
            Session session;
            openProject(session, *m_folder, {"a", "b", "c"});
            FieldLooks looks(&session);
            looks.set(0, otherLook());
            session.showField(1); // leaving a field writes
            QCOMPARE(lookOf(session.project(), "a"), otherLook());
            looks.set(1, otherLook().withOwnRanges());
            looks.flush();
        }
        Session session;
        openProject(session, *m_folder, {"a", "b", "c"});
        FieldLooks looks(&session);
        QCOMPARE(looks.look(0), otherLook());
        QCOMPARE(looks.look(1), otherLook().withOwnRanges());
        QCOMPARE(looks.look(2), FieldLook());
    }

    void changesAreWrittenAfterARest()
    {
        Session session;
        openProject(session, *m_folder, {"a"});
        FieldLooks looks(&session);
        for (int i = 0; i < 1000; ++i) { // a drag
            FieldLook look = otherLook();
            look.look[Channel::Green].high = 2000 + i;
            looks.set(0, look);
        }
        QCOMPARE(lookOf(session.project(), "a"), FieldLook()); // nothing yet
        QTRY_VERIFY_WITH_TIMEOUT(lookOf(session.project(), "a") != FieldLook(), 5000);
        QCOMPARE(lookOf(session.project(), "a").look[Channel::Green].high, 2999.0);
    }

    void copyingToAllGivesUpOwnLooks()
    {
        Session session;
        openProject(session, *m_folder, {"a", "b", "c"});
        FieldLooks looks(&session);
        looks.set(1, otherLook());
        looks.flush();
        FieldLook all = otherLook();
        all.look[Channel::Yellow].visible = false;
        looks.set(0, all);
        QVERIFY(looks.copyToAll(all));
        for (int field = 0; field < 3; ++field) {
            QCOMPARE(looks.look(field), all);
            QVERIFY(!looks.isOwn(field));
        }
        looks.set(2, otherLook());
        looks.flush();
        QCOMPARE(looks.look(2), otherLook());
        QCOMPARE(looks.look(1), all);
    }

    void aLookIsNotWrittenIntoAnotherProject()
    {
        QTemporaryDir second;
        Session session;
        openProject(session, *m_folder, {"a"});
        const std::filesystem::path first = session.project().path();
        FieldLooks looks(&session);
        looks.set(0, otherLook());
        openProject(session, second, {"a"});
        looks.flush();
        QCOMPARE(looks.look(0), FieldLook());
        QCOMPARE(lookOf(store::Project::open(first), "a"), otherLook()); // written when it was closed
    }

    void withoutAProjectNothingHappens()
    {
        Session session;
        FieldLooks looks(&session);
        ChannelPanel panel;
        bindFieldLooks(session, looks, panel);
        looks.set(-1, otherLook());
        looks.set(0, otherLook());
        looks.flush();
        QCOMPARE(looks.look(0), FieldLook());
        QVERIFY(!looks.isOwn(0));
        QVERIFY(!looks.copyToAll(otherLook()));
        panel.nextLook();
        panel.copyToAll(true);
    }

    void aDamagedSettingIsTheDefaultLook()
    {
        Session session;
        openProject(session, *m_folder, {"a"});
        FieldLooks looks(&session);
        looks.set(0, otherLook());
        looks.flush();
        for (const char* const text : {"", "x", "0", "0 {}", "99999999999999999999 {}"}) {
            session.project().setSetting("look:field a", text);
            QCOMPARE(looks.look(0), FieldLook());
        }
    }

    void aLockedFileIsWrittenLater()
    {
        Session session;
        openProject(session, *m_folder, {"a"});
        FieldLooks looks(&session);
        {
            const WriteLock lock(session.project().path());
            QVERIFY(lock.isLocked());
            looks.set(0, otherLook());
            QElapsedTimer timer;
            timer.start();
            looks.flush();
            QVERIFY(timer.elapsed() < 2000);
            QCOMPARE(looks.look(0), otherLook());
        }
        QTRY_COMPARE_WITH_TIMEOUT(lookOf(session.project(), "a"), otherLook(), 10000);
    }

    void thePanelShowsAndKeepsTheLookOfTheField()
    {
        Session session;
        FieldLooks looks(&session);
        ChannelPanel panel;
        bindFieldLooks(session, looks, panel);
        openProject(session, *m_folder, {"a", "b"});
        panel.nextLook();
        const FieldLook mine = panel.fieldLook();
        QVERIFY(mine.base != "hpa");
        session.showField(1);
        QCOMPARE(panel.fieldLook(), FieldLook());
        session.showField(0);
        QCOMPARE(panel.fieldLook(), mine);
        QSignalSpy told(&panel, &ChannelPanel::told);
        panel.copyToAll(true);
        QCOMPARE(told.size(), 1);
        session.showField(1);
        QCOMPARE(panel.fieldLook(), mine);
        panel.setAutomatic(true);
        QVERIFY(panel.fieldLook() != mine);
        Q_EMIT panel.defaultAsked();
        QCOMPARE(panel.fieldLook(), mine);
    }
};

QTEST_MAIN(TestFieldLooks)
#include "tst_FieldLooks.moc"
