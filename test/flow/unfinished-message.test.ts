import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE, UnfinishedMessage } from '../../src/flow/unfinished-message.ts'

const text = (message: UnfinishedMessage, length: number): string => {
  const into = new Uint8Array(length)
  return Buffer.from(into.subarray(0, message.write(into, 0))).toString('latin1')
}
const bytes = Buffer.from('abcdefghij')

describe('a message over several segments', () => {
  it('is whole when its last octet is there and nothing before is missing', () => {
    const message = new UnfinishedMessage(0, 10)
    expect(message.add(bytes, 0, 4, 0, false)).toBe(false)
    expect(message.add(bytes, 4, 6, 4, true)).toBe(true)
    expect(text(message, 20)).toBe('abcdefghij')
  })

  it('waits for what lies before a piece', () => {
    const message = new UnfinishedMessage(0, 10)
    message.add(bytes, 0, 2, 0, false)
    expect(message.add(bytes, 6, 4, 6, true)).toBe(false)
    expect(message.add(bytes, 4, 2, 4, false)).toBe(false)
    expect(message.add(bytes, 2, 2, 2, false)).toBe(true)
    expect(text(message, 20)).toBe('abcdefghij')
  })

  it('takes of overlapping pieces what is new', () => {
    const message = new UnfinishedMessage(0, 10)
    message.add(bytes, 0, 6, 0, false)
    expect(message.add(Buffer.from('XXefghij'), 0, 8, 2, true)).toBe(true)
    expect(text(message, 20)).toBe('abcdefghij')
  })

  it('goes on when its decoder wants more', () => {
    const message = new UnfinishedMessage(0, 4)
    expect(message.add(bytes, 0, 4, 0, true)).toBe(true)
    message.reopen()
    expect(message.add(bytes, 4, 4, 4, false)).toBe(false)
    expect(message.add(bytes, 8, 2, 8, true)).toBe(true)
  })

  it('keeps no more than its ceiling, and counts the rest', () => {
    const message = new UnfinishedMessage(0, 2 * MAX_MESSAGE)
    const half = new Uint8Array(MAX_MESSAGE)
    message.add(half, 0, half.length, 0, false)
    expect(message.add(half, 0, half.length, MAX_MESSAGE, true)).toBe(true)
    expect(message.reached).toBe(2 * MAX_MESSAGE)
    expect(message.write(new Uint8Array(3 * MAX_MESSAGE), 0)).toBe(MAX_MESSAGE)
    expect(message.size).toBe(MAX_MESSAGE)
  })

  it('lets go of everything when it is done', () => {
    const message = new UnfinishedMessage(0, 4)
    message.add(bytes, 0, 4, 0, true)
    message.finish()
    expect(message.size).toBe(0)
    expect(message.add(bytes, 0, 4, 0, true)).toBe(false)
  })
})
