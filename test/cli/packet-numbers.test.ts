import { describe, expect, test } from 'vitest'
import { parsePacketNumbers } from '../../src/cli/packet-numbers.ts'

describe('parsePacketNumbers', () => {
  test.each(['tcp', 'frame.number == 7', '7a', '', '-', ',', '0x10', '1.5'])('%j is something else', (text) =>
    expect(parsePacketNumbers(text)).toBeUndefined(),
  )

  test.each([
    ['7', [7], 7],
    ['1,5,9', [1, 5, 9], 9],
    ['3-5', [3, 4, 5], 5],
    ['5,3-4,4', [3, 4, 5], 5],
    ['8-', [8, 9, 10], Infinity],
    ['2,9-', [2, 9, 10], Infinity],
  ])('%s', (text, numbers, last) => {
    const chosen = parsePacketNumbers(text)!
    expect(Array.from({ length: 11 }, (_, n) => n).filter((n) => chosen.includes(n))).toEqual(numbers)
    expect(chosen.last).toBe(last)
  })

  test('what is missing of it', () => {
    expect(parsePacketNumbers('2,9-12,20')!.missing(10)).toEqual([
      { from: 11, to: 12 },
      { from: 20, to: 20 },
    ])
    expect(parsePacketNumbers('9-')!.missing(10)).toEqual([])
    expect(parsePacketNumbers('19-')!.missing(10)).toEqual([{ from: 19, to: 19 }])
  })

  test.each(['0', '0-3', '5-3', '1,', ',1', '1,,2', '1-2-3', '-3', '1 2'])('%j makes no sense', (text) =>
    expect(() => parsePacketNumbers(text)).toThrow(),
  )
})
