// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

// Binary arithmetic coding with probabilities that learn, in whole numbers only, so that every machine makes the same
// bytes. The coder is the one of carry-less range coding; counting and mixing follow PAQ (M. Mahoney, "Adaptive weighing
// of context models for lossless data compression", 2005). Only inside core/mask.
namespace cellproof::mask {

/// How likely the next bit is 1, learnt from those before: fast at first, then ever slower.
class Probability
{
public:
    /// In 1 .. 65535, of 65536.
    [[nodiscard]] int value() const { return m_value; }

    void learn(bool bit)
    {
        const std::int64_t target = bit ? 65504 : 32;
        m_value = static_cast<std::uint16_t>(m_value + ((target - m_value) * kRates[m_seen]) / 65536);
        m_seen = static_cast<std::uint16_t>(std::min(m_seen + 1, kMemory));
    }

private:
    static constexpr int kMemory = 255;
    static constexpr std::array<std::int64_t, kMemory + 1> kRates = [] {
        std::array<std::int64_t, kMemory + 1> rates = {};
        for (int seen = 0; seen <= kMemory; ++seen)
            rates[std::size_t(seen)] = 65536 * 10 / (10 * seen + 16);
        return rates;
    }();

    std::uint16_t m_value = 32768;
    std::uint16_t m_seen = 0;
};

/// Mixes several probabilities of the same bit into one, each weighted by how well it did so far.
template <std::size_t count>
class Mixer
{
public:
    Mixer() { m_weights.fill(22938); } // 0.35: that all together are a little surer than each alone

    /// The mixed probability in 1 .. 4095, of 4096.
    [[nodiscard]] int mix(const std::array<Probability*, count>& inputs)
    {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < count; ++i) {
            m_stretched[i] = kStretch[std::size_t(inputs[i]->value() >> 4)];
            sum += std::int64_t(m_weights[i]) * m_stretched[i];
        }
        m_mixed = squash(static_cast<int>(std::clamp<std::int64_t>(sum / 65536, -2047, 2047)));
        return m_mixed;
    }

    /// What the bit was that mix() was asked for.
    void learn(bool bit)
    {
        const std::int64_t error = ((bit ? 4096 : 0) - m_mixed) * kRate;
        for (std::size_t i = 0; i < count; ++i)
            m_weights[i] = static_cast<std::int32_t>(std::clamp<std::int64_t>(m_weights[i] + error * m_stretched[i] / 65536, -kMostWeight, kMostWeight));
    }

private:
    static constexpr std::int64_t kRate = 80;
    static constexpr std::int64_t kMostWeight = 1 << 20;

    /// 4096 / (1 + e^(-x / 256)), between 33 points on straight lines.
    [[nodiscard]] static constexpr int squash(int x)
    {
        constexpr std::array<int, 33> points = {1,    2,    3,    6,    10,   16,   27,   45,   73,   120,  194,  310,  488,  747,  1101, 1546, 2047,
                                                2549, 2994, 3348, 3607, 3785, 3901, 3975, 4024, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094};
        const int part = x & 127;
        const std::size_t place = std::size_t((x >> 7) + 16);
        return (points[place] * (128 - part) + points[place + 1] * part + 64) >> 7;
    }

    /// Its inverse.
    static constexpr std::array<std::int16_t, 4096> kStretch = [] {
        std::array<std::int16_t, 4096> table = {};
        int next = 0;
        for (int x = -2047; x <= 2047; ++x) {
            for (const int reached = squash(x); next <= reached; ++next)
                table[std::size_t(next)] = static_cast<std::int16_t>(x);
        }
        for (; next < 4096; ++next)
            table[std::size_t(next)] = 2047;
        return table;
    }();

    std::array<std::int32_t, count> m_weights;
    std::array<int, count> m_stretched = {};
    int m_mixed = 2048;
};

/// Writes bits. A model written against this runs against BitReader too: bit() gives back the bit that counts.
class BitWriter
{
public:
    static constexpr bool kReads = false;

    bool bit(Probability& probability, bool bit)
    {
        put(static_cast<std::uint32_t>(probability.value()), bit);
        probability.learn(bit);
        return bit;
    }

    template <std::size_t count>
    bool bit(Mixer<count>& mixer, const std::array<Probability*, count>& inputs, bool bit)
    {
        put(static_cast<std::uint32_t>(mixer.mix(inputs)) << 4, bit);
        mixer.learn(bit);
        for (Probability* const input : inputs)
            input->learn(bit);
        return bit;
    }

    /// The bytes, as few as tell all bits: BitReader takes zeros for what follows.
    [[nodiscard]] std::vector<std::uint8_t> finish()
    {
        std::uint32_t last = m_high;
        for (const std::uint32_t kept : {0U, 0xff000000U, 0xffff0000U, 0xffffff00U}) {
            if ((m_high & kept) >= m_low) {
                last = m_high & kept;
                break;
            }
        }
        for (int shift = 24; shift >= 0; shift -= 8)
            m_bytes.push_back(static_cast<std::uint8_t>(last >> shift));
        while (!m_bytes.empty() && m_bytes.back() == 0)
            m_bytes.pop_back();
        return std::move(m_bytes);
    }

private:
    void put(std::uint32_t probability, bool bit)
    {
        const std::uint32_t range = m_high - m_low;
        const std::uint32_t middle = m_low + static_cast<std::uint32_t>(std::uint64_t(range) * probability >> 16);
        bit ? m_high = middle : m_low = middle + 1;
        while (((m_low ^ m_high) & 0xff000000U) == 0) {
            m_bytes.push_back(static_cast<std::uint8_t>(m_high >> 24));
            m_low <<= 8;
            m_high = m_high << 8 | 255;
        }
    }

    std::uint32_t m_low = 0;
    std::uint32_t m_high = 0xffffffffU;
    std::vector<std::uint8_t> m_bytes;
};

/// Reads what BitWriter wrote. Every sequence of bytes gives bits: whether they make sense is for the caller to see.
class BitReader
{
public:
    static constexpr bool kReads = true;

    explicit BitReader(std::span<const std::uint8_t> bytes) : m_bytes(bytes)
    {
        for (int i = 0; i < 4; ++i)
            m_code = m_code << 8 | next();
    }

    bool bit(Probability& probability, bool)
    {
        const bool bit = take(static_cast<std::uint32_t>(probability.value()));
        probability.learn(bit);
        return bit;
    }

    template <std::size_t count>
    bool bit(Mixer<count>& mixer, const std::array<Probability*, count>& inputs, bool)
    {
        const bool bit = take(static_cast<std::uint32_t>(mixer.mix(inputs)) << 4);
        mixer.learn(bit);
        for (Probability* const input : inputs)
            input->learn(bit);
        return bit;
    }

private:
    [[nodiscard]] std::uint32_t next() { return m_next < m_bytes.size() ? m_bytes[m_next++] : 0; }

    [[nodiscard]] bool take(std::uint32_t probability)
    {
        const std::uint32_t range = m_high - m_low;
        const std::uint32_t middle = m_low + static_cast<std::uint32_t>(std::uint64_t(range) * probability >> 16);
        const bool bit = m_code <= middle;
        bit ? m_high = middle : m_low = middle + 1;
        while (((m_low ^ m_high) & 0xff000000U) == 0) {
            m_low <<= 8;
            m_high = m_high << 8 | 255;
            m_code = m_code << 8 | next();
        }
        return bit;
    }

    std::span<const std::uint8_t> m_bytes;
    std::size_t m_next = 0;
    std::uint32_t m_low = 0;
    std::uint32_t m_high = 0xffffffffU;
    std::uint32_t m_code = 0;
};

} // namespace cellproof::mask
