/**
 * What a filter may ask for. Filters are made by machines too (a list of addresses from a threat feed), so the ceilings are far
 * above what people write; what they keep in bounds is time and memory, whoever wrote the filter.
 */

/** Characters of a filter: 50,000 terms of the longest kind, `ipv6.addr == <39 characters> or `, are 3 million. */
export const MAX_LENGTH = 4 << 20

/** Words, values and signs of a filter: a chain of 260,000 comparisons, or a set of 520,000 values. 200 octets are kept of each. */
export const MAX_TOKENS = 1 << 20

/** Characters of one word, string, or slice: no packet has a value that is longer than what a length of 16 bits can say. */
export const MAX_TOKEN_LENGTH = 1 << 16

/** Parentheses, `not`s, signs and arithmetic may be this deep; each level takes a dozen calls of the parser. */
export const MAX_DEPTH = 200

/** Ranges of a slice, `[0:2,4,-2:]`; of slices of slices their product, since each of the outer copies what the inner gave. */
export const MAX_RANGES = 64

/** Warnings about one filter: a reader needs no more, and each quotes a part of it. */
export const MAX_WARNINGS = 10

/** Patterns that are more than plain text: each may keep 8 MiB of what it learned (RE2's own ceiling). */
export const MAX_PATTERNS = 64

/** Characters that a pattern becomes when its repetitions are written out. */
export const MAX_PATTERN_SIZE = 1 << 16

/**
 * Those of them that may be this or that, or absent (`.`, `[a-z]`, `x?`): all may be waited for at once, and each then takes a
 * step for each octet.
 */
export const MAX_PATTERN_CHOICES = 2048

/** Steps of one search: 64 KiB with a pattern of the most choices. Of a longer message the beginning is searched. */
export const MAX_PATTERN_STEPS = MAX_PATTERN_CHOICES * 65_536

/**
 * Pairs of values that a filter looks at in one packet, where values are compared or calculated with values: a field may have
 * thousands in a packet, and `a + b + c` goes through every combination. Beyond, there are no more.
 */
export const MAX_PAIRS = 1 << 20
