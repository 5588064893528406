// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/RowKernels.h"

#include <algorithm>

#if defined(__x86_64__) && defined(__GNUC__)
#define CELLPROOF_HAS_AVX2 1
#include <immintrin.h>
#endif

namespace cellproof::image {

ResamplePlan::ResamplePlan(std::vector<std::int32_t> indexes, std::vector<std::uint16_t> weights) : index(std::move(indexes)), weight(std::move(weights))
{
    isWide = false;
    for (std::size_t i = 0; i < index.size(); i += kTogether) {
        const std::size_t count = std::min(kTogether, index.size() - i);
        std::array<std::uint8_t, 16>& shuffle = shuffles.emplace_back();
        windows.push_back(index[i]);
        isWide = isWide || index[i + count - 1] - index[i] > kWindow - 2;
        for (std::size_t k = 0; k < count && !isWide; ++k) {
            for (std::size_t byte = 0; byte < 4; ++byte)
                shuffle[4 * k + byte] = static_cast<std::uint8_t>(2 * (index[i + k] - index[i]) + static_cast<std::int32_t>(byte));
            pairWeights.push_back(std::uint32_t(weight[i + k]) << 16 | (256U - weight[i + k]));
        }
    }
}

namespace {

constexpr std::uint32_t kOne = 256;

template <typename Sample>
void shade(const Sample* __restrict samples, std::size_t count, const LinearSteps& by, const Sample* /*next*/, std::uint8_t* __restrict steps)
{
    const float slope = by.slope;
    const float bias = by.bias;
    const int full = by.full;
    for (std::size_t i = 0; i < count; ++i) {
        const int step = static_cast<int>(static_cast<float>(samples[i]) * slope + bias);
        steps[i] = static_cast<std::uint8_t>(std::min(std::max(step, 0), full));
    }
}

void look(const std::uint8_t* __restrict samples, std::size_t count, const std::uint8_t* __restrict table, std::uint8_t* __restrict steps)
{
    for (std::size_t i = 0; i < count; ++i)
        steps[i] = table[samples[i]];
}

void add(const std::uint8_t* __restrict steps, std::size_t count, std::uint8_t* __restrict sums)
{
    for (std::size_t i = 0; i < count; ++i)
        sums[i] = static_cast<std::uint8_t>(std::min(sums[i] + steps[i], 255));
}

void interleave(const std::uint8_t* __restrict red, const std::uint8_t* __restrict green, const std::uint8_t* __restrict blue, std::size_t count,
                std::uint32_t* __restrict target)
{
    for (std::size_t i = 0; i < count; ++i)
        target[i] = 0xff000000U | std::uint32_t(red[i]) << 16 | std::uint32_t(green[i]) << 8 | std::uint32_t(blue[i]);
}

void interleavePast(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, std::size_t count, std::uint32_t* target,
                    std::span<const std::uint8_t* const> /*ahead*/)
{
    interleave(red, green, blue, count, target);
}

template <typename Sample>
void blend(const Sample* __restrict upper, const Sample* __restrict lower, int weight, const Sample* /*next*/, std::uint16_t* __restrict target,
           std::size_t count)
{
    const auto low = static_cast<std::uint32_t>(weight);
    const std::uint32_t up = kOne - low;
    for (std::size_t i = 0; i < count; ++i)
        target[i] = static_cast<std::uint16_t>((upper[i] * up + lower[i] * low + kOne / 2) >> 8);
}

void resampleFrom(std::size_t first, const std::uint16_t* __restrict samples, const ResamplePlan& plan, std::uint16_t* __restrict target)
{
    for (std::size_t i = first; i < plan.index.size(); ++i) {
        const std::uint16_t* const pair = samples + plan.index[i];
        const std::uint32_t low = plan.weight[i];
        target[i] = static_cast<std::uint16_t>((pair[0] * (kOne - low) + pair[1] * low + kOne / 2) >> 8);
    }
}

void resample(const std::uint16_t* samples, const ResamplePlan& plan, std::uint16_t* target)
{
    resampleFrom(0, samples, plan, target);
}

#ifdef CELLPROOF_HAS_AVX2

#define CELLPROOF_AVX2 __attribute__((target("avx2")))

CELLPROOF_AVX2 inline __m256i load8(const std::uint8_t* samples)
{
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(samples)));
}

CELLPROOF_AVX2 inline __m256i load8(const std::uint16_t* samples)
{
    return _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(samples)));
}

CELLPROOF_AVX2 inline __m256i load16(const std::uint8_t* samples)
{
    return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(samples)));
}

CELLPROOF_AVX2 inline __m256i load16(const std::uint16_t* samples)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(samples));
}

CELLPROOF_AVX2 inline __m256i load32(const std::uint8_t* bytes)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

template <typename Word>
CELLPROOF_AVX2 inline void store(Word* words, __m256i value)
{
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(words), value);
}

CELLPROOF_AVX2 inline __m256i stepsOf(__m256i values, __m256 slope, __m256 bias)
{
    return _mm256_cvttps_epi32(_mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(values), slope), bias));
}

template <typename Sample>
CELLPROOF_AVX2 void shadeAvx2(const Sample* samples, std::size_t count, const LinearSteps& by, const Sample* next, std::uint8_t* steps)
{
    const __m256 slope = _mm256_set1_ps(by.slope);
    const __m256 bias = _mm256_set1_ps(by.bias);
    const __m256i full = _mm256_set1_epi8(static_cast<char>(by.full));
    const __m256i inOrder = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7); // packing works on halves
    const std::size_t whole = count / 32 * 32;
    for (std::size_t i = 0; i < whole; i += 32) {
        _mm_prefetch(reinterpret_cast<const char*>(next + i), _MM_HINT_T1);
        // Packing clamps: to 16 bit signed, then to 0..255.
        const __m256i a = _mm256_packs_epi32(stepsOf(load8(samples + i), slope, bias), stepsOf(load8(samples + i + 8), slope, bias));
        const __m256i b = _mm256_packs_epi32(stepsOf(load8(samples + i + 16), slope, bias), stepsOf(load8(samples + i + 24), slope, bias));
        store(steps + i, _mm256_min_epu8(_mm256_permutevar8x32_epi32(_mm256_packus_epi16(a, b), inOrder), full));
    }
    shade(samples + whole, count - whole, by, next, steps + whole);
}

CELLPROOF_AVX2 void addAvx2(const std::uint8_t* steps, std::size_t count, std::uint8_t* sums)
{
    const std::size_t whole = count / 32 * 32;
    for (std::size_t i = 0; i < whole; i += 32)
        store(sums + i, _mm256_adds_epu8(load32(sums + i), load32(steps + i)));
    add(steps + whole, count - whole, sums + whole);
}

template <bool pastCache>
CELLPROOF_AVX2 void interleaveAvx2(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, std::size_t count, std::uint32_t* target,
                                   std::span<const std::uint8_t* const> ahead)
{
    std::size_t begin = 0;
    if constexpr (pastCache) { // such stores need whole vectors' places
        const std::size_t unaligned = (32 - reinterpret_cast<std::uintptr_t>(target) % 32) % 32 / sizeof(std::uint32_t);
        begin = std::min(unaligned, count);
        interleave(red, green, blue, begin, target);
    }
    const auto put = [](std::uint32_t* at, __m256i pixels) CELLPROOF_AVX2 {
        if constexpr (pastCache)
            _mm256_stream_si256(reinterpret_cast<__m256i*>(at), pixels);
        else
            store(at, pixels);
    };
    const __m256i opaque = _mm256_set1_epi8(static_cast<char>(0xff));
    const std::size_t end = begin + (count - begin) / 32 * 32;
    for (std::size_t i = begin; i < end; i += 32) {
        if constexpr (pastCache) {
            for (const std::uint8_t* const row : ahead)
                _mm_prefetch(reinterpret_cast<const char*>(row + i), _MM_HINT_T0);
        }
        const __m256i b = load32(blue + i);
        const __m256i g = load32(green + i);
        const __m256i r = load32(red + i);
        const __m256i bgLow = _mm256_unpacklo_epi8(b, g); // pixels 0..7 and 16..23
        const __m256i bgHigh = _mm256_unpackhi_epi8(b, g);
        const __m256i raLow = _mm256_unpacklo_epi8(r, opaque);
        const __m256i raHigh = _mm256_unpackhi_epi8(r, opaque);
        const __m256i p0 = _mm256_unpacklo_epi16(bgLow, raLow); // 0..3 and 16..19
        const __m256i p1 = _mm256_unpackhi_epi16(bgLow, raLow);
        const __m256i p2 = _mm256_unpacklo_epi16(bgHigh, raHigh);
        const __m256i p3 = _mm256_unpackhi_epi16(bgHigh, raHigh);
        put(target + i, _mm256_permute2x128_si256(p0, p1, 0x20));
        put(target + i + 8, _mm256_permute2x128_si256(p2, p3, 0x20));
        put(target + i + 16, _mm256_permute2x128_si256(p0, p1, 0x31));
        put(target + i + 24, _mm256_permute2x128_si256(p2, p3, 0x31));
    }
    if constexpr (pastCache)
        _mm_sfence();
    interleave(red + end, green + end, blue + end, count - end, target + end);
}

/// Blends pairs of samples that were shifted by half their range, as the processor multiplies signed numbers: the first of
/// each in the lower 16 bits; `weights` likewise.
CELLPROOF_AVX2 inline __m256i blendPairs(__m256i pairs, __m256i weights)
{
    const __m256i back = _mm256_set1_epi32(0x8000 * 256 + 128);
    return _mm256_srli_epi32(_mm256_add_epi32(_mm256_madd_epi16(pairs, weights), back), 8);
}

template <typename Sample>
CELLPROOF_AVX2 void blendAvx2(const Sample* upper, const Sample* lower, int weight, const Sample* next, std::uint16_t* target, std::size_t count)
{
    const __m256i middle = _mm256_set1_epi16(static_cast<short>(0x8000));
    const __m256i weights = _mm256_set1_epi32(weight << 16 | (256 - weight));
    const std::size_t whole = count / 16 * 16;
    for (std::size_t i = 0; i < whole; i += 16) {
        _mm_prefetch(reinterpret_cast<const char*>(next + i), _MM_HINT_T1);
        const __m256i a = _mm256_xor_si256(load16(upper + i), middle);
        const __m256i b = _mm256_xor_si256(load16(lower + i), middle);
        store(target + i, _mm256_packus_epi32(blendPairs(_mm256_unpacklo_epi16(a, b), weights), blendPairs(_mm256_unpackhi_epi16(a, b), weights)));
    }
    blend(upper + whole, lower + whole, weight, next, target + whole, count - whole);
}

CELLPROOF_AVX2 inline __m256i twoWindows(const std::uint16_t* first, const std::uint16_t* second)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(first))),
                                   _mm_loadu_si128(reinterpret_cast<const __m128i*>(second)), 1);
}

CELLPROOF_AVX2 void resampleAvx2(const std::uint16_t* samples, const ResamplePlan& plan, std::uint16_t* target)
{
    if (plan.isWide) {
        resample(samples, plan, target);
        return;
    }
    const __m256i middle = _mm256_set1_epi16(static_cast<short>(0x8000));
    const std::size_t whole = plan.index.size() / 16 * 16;
    const auto eight = [&](std::size_t i) CELLPROOF_AVX2 {
        const std::size_t group = i / ResamplePlan::kTogether;
        const __m256i window = twoWindows(samples + plan.windows[group], samples + plan.windows[group + 1]);
        const __m256i pairs = _mm256_shuffle_epi8(window, load32(plan.shuffles[group].data()));
        const __m256i weights = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(plan.pairWeights.data() + i));
        return blendPairs(_mm256_xor_si256(pairs, middle), weights);
    };
    for (std::size_t i = 0; i < whole; i += 16)
        store(target + i, _mm256_permute4x64_epi64(_mm256_packus_epi32(eight(i), eight(i + 8)), 0xd8));
    resampleFrom(whole, samples, plan, target);
}

// Twice as wide, for the loops that take most of the time.
#define CELLPROOF_AVX512 __attribute__((target("avx512f,avx512bw")))

CELLPROOF_AVX512 inline __m512i load16Wide(const std::uint8_t* samples)
{
    return _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(samples)));
}

CELLPROOF_AVX512 inline __m512i load16Wide(const std::uint16_t* samples)
{
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(samples)));
}

template <typename Sample>
CELLPROOF_AVX512 void shadeAvx512(const Sample* samples, std::size_t count, const LinearSteps& by, const Sample* next, std::uint8_t* steps)
{
    const __m512 slope = _mm512_set1_ps(by.slope);
    const __m512 bias = _mm512_set1_ps(by.bias);
    const __m512i full = _mm512_set1_epi8(static_cast<char>(by.full));
    const __m512i inOrder = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15); // packing works on quarters
    const auto stepsOf16 = [&](const Sample* at)
                               CELLPROOF_AVX512 { return _mm512_cvttps_epi32(_mm512_add_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(load16Wide(at)), slope), bias)); };
    const std::size_t whole = count / 64 * 64;
    for (std::size_t i = 0; i < whole; i += 64) {
        for (std::size_t ahead = 0; ahead < sizeof(Sample); ++ahead)
            _mm_prefetch(reinterpret_cast<const char*>(next + i) + 64 * ahead, _MM_HINT_T1);
        const __m512i a = _mm512_packs_epi32(stepsOf16(samples + i), stepsOf16(samples + i + 16));
        const __m512i b = _mm512_packs_epi32(stepsOf16(samples + i + 32), stepsOf16(samples + i + 48));
        _mm512_storeu_si512(steps + i, _mm512_min_epu8(_mm512_permutexvar_epi32(inOrder, _mm512_packus_epi16(a, b)), full));
    }
    shade(samples + whole, count - whole, by, next, steps + whole);
}

CELLPROOF_AVX512 void addAvx512(const std::uint8_t* steps, std::size_t count, std::uint8_t* sums)
{
    const std::size_t whole = count / 64 * 64;
    for (std::size_t i = 0; i < whole; i += 64)
        _mm512_storeu_si512(sums + i, _mm512_adds_epu8(_mm512_loadu_si512(sums + i), _mm512_loadu_si512(steps + i)));
    add(steps + whole, count - whole, sums + whole);
}

template <bool pastCache>
CELLPROOF_AVX512 void interleaveAvx512(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, std::size_t count, std::uint32_t* target,
                                       std::span<const std::uint8_t* const> ahead)
{
    std::size_t begin = 0;
    if constexpr (pastCache) { // whole lines of the cache at once
        const std::size_t unaligned = (64 - reinterpret_cast<std::uintptr_t>(target) % 64) % 64 / sizeof(std::uint32_t);
        begin = std::min(unaligned, count);
        interleave(red, green, blue, begin, target);
    }
    const auto put = [](std::uint32_t* at, __m512i pixels) CELLPROOF_AVX512 {
        if constexpr (pastCache)
            _mm512_stream_si512(reinterpret_cast<__m512i*>(at), pixels);
        else
            _mm512_storeu_si512(at, pixels);
    };
    const __m512i opaque = _mm512_set1_epi8(static_cast<char>(0xff));
    const std::size_t end = begin + (count - begin) / 64 * 64;
    for (std::size_t i = begin; i < end; i += 64) {
        if constexpr (pastCache) {
            for (const std::uint8_t* const row : ahead)
                _mm_prefetch(reinterpret_cast<const char*>(row + i), _MM_HINT_T0);
        }
        const __m512i b = _mm512_loadu_si512(blue + i);
        const __m512i g = _mm512_loadu_si512(green + i);
        const __m512i r = _mm512_loadu_si512(red + i);
        const __m512i bgLow = _mm512_unpacklo_epi8(b, g);
        const __m512i bgHigh = _mm512_unpackhi_epi8(b, g);
        const __m512i raLow = _mm512_unpacklo_epi8(r, opaque);
        const __m512i raHigh = _mm512_unpackhi_epi8(r, opaque);
        const __m512i p0 = _mm512_unpacklo_epi16(bgLow, raLow); // 0..3, 16..19, 32..35, 48..51
        const __m512i p1 = _mm512_unpackhi_epi16(bgLow, raLow);
        const __m512i p2 = _mm512_unpacklo_epi16(bgHigh, raHigh);
        const __m512i p3 = _mm512_unpackhi_epi16(bgHigh, raHigh);
        const __m512i low01 = _mm512_shuffle_i32x4(p0, p1, 0x44); // the first two quarters of each
        const __m512i low23 = _mm512_shuffle_i32x4(p2, p3, 0x44);
        const __m512i high01 = _mm512_shuffle_i32x4(p0, p1, 0xee);
        const __m512i high23 = _mm512_shuffle_i32x4(p2, p3, 0xee);
        put(target + i, _mm512_shuffle_i32x4(low01, low23, 0x88));
        put(target + i + 16, _mm512_shuffle_i32x4(low01, low23, 0xdd));
        put(target + i + 32, _mm512_shuffle_i32x4(high01, high23, 0x88));
        put(target + i + 48, _mm512_shuffle_i32x4(high01, high23, 0xdd));
    }
    if constexpr (pastCache)
        _mm_sfence();
    interleave(red + end, green + end, blue + end, count - end, target + end);
}

// A table of 256 bytes fits four registers.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void lookVbmi(const std::uint8_t* samples, std::size_t count, const std::uint8_t* table,
                                                                     std::uint8_t* steps)
{
    const __m512i first = _mm512_loadu_si512(table);
    const __m512i second = _mm512_loadu_si512(table + 64);
    const __m512i third = _mm512_loadu_si512(table + 128);
    const __m512i fourth = _mm512_loadu_si512(table + 192);
    const std::size_t whole = count / 64 * 64;
    for (std::size_t i = 0; i < whole; i += 64) {
        const __m512i values = _mm512_loadu_si512(samples + i);
        const __m512i lower = _mm512_permutex2var_epi8(first, values, second); // by the lower 7 bits
        const __m512i upper = _mm512_permutex2var_epi8(third, values, fourth);
        _mm512_storeu_si512(steps + i, _mm512_mask_blend_epi8(_mm512_movepi8_mask(values), lower, upper));
    }
    look(samples + whole, count - whole, table, steps + whole);
}

#endif

} // namespace

#ifdef CELLPROOF_HAS_AVX2
namespace {

void interleaveNear2(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, std::size_t count, std::uint32_t* target)
{
    interleaveAvx2<false>(red, green, blue, count, target, {});
}

void interleaveNear512(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, std::size_t count, std::uint32_t* target)
{
    interleaveAvx512<false>(red, green, blue, count, target, {});
}

} // namespace
#endif

std::span<const RowKernels> kernelSets()
{
    static const std::vector<RowKernels> sets = [] {
        const RowKernels plain = {&shade<std::uint8_t>, &shade<std::uint16_t>, &look,    &add, &interleave, &interleavePast,
                                  &blend<std::uint8_t>, &blend<std::uint16_t>, &resample};
        std::vector<RowKernels> available = {plain};
#ifdef CELLPROOF_HAS_AVX2
        RowKernels kernels = {&shadeAvx2<std::uint8_t>, &shadeAvx2<std::uint16_t>, &look,        &addAvx2, &interleaveNear2, &interleaveAvx2<true>,
                              &blendAvx2<std::uint8_t>, &blendAvx2<std::uint16_t>, &resampleAvx2};
        if (__builtin_cpu_supports("avx2") == 0)
            return available;
        available.push_back(kernels);
        if (__builtin_cpu_supports("avx512f") == 0 || __builtin_cpu_supports("avx512bw") == 0)
            return available;
        kernels.shade8 = &shadeAvx512<std::uint8_t>;
        kernels.shade16 = &shadeAvx512<std::uint16_t>;
        kernels.add = &addAvx512;
        kernels.interleave = &interleaveNear512;
        kernels.interleavePastCache = &interleaveAvx512<true>;
        available.push_back(kernels);
        if (__builtin_cpu_supports("avx512vbmi") == 0)
            return available;
        kernels.look8 = &lookVbmi;
        kernels.looksUpFast = true;
        available.push_back(kernels);
#endif
        return available;
    }();
    return sets;
}

} // namespace cellproof::image
