// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Sha256.h"

#include <QtCore/QCryptographicHash>
#include <QtTest/QtTest>

#include <vector>

class tst_Sha256 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithAnotherImplementation()
    {
        std::vector<std::uint8_t> bytes;
        for (int size = 0; size < 300; ++size) { // every length around the blocks of 64
            const QByteArray expected = QCryptographicHash::hash(QByteArrayView(bytes.data(), qsizetype(bytes.size())), QCryptographicHash::Sha256).toHex();
            for (const cellproof::image::Sha256Loop loop : cellproof::image::sha256Loops())
                QCOMPARE(QByteArray::fromStdString(cellproof::image::sha256Of(bytes, loop)), expected);
            bytes.push_back(static_cast<std::uint8_t>(size * 37));
        }
    }
};

QTEST_APPLESS_MAIN(tst_Sha256)
#include "tst_Sha256.moc"
