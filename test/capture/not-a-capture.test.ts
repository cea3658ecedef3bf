import { expect, test } from 'vitest'
import { notACapture } from '../../src/capture/not-a-capture.ts'
import { memorySource, PcapngBytes, readError } from '../support/capture-bytes.ts'

const octets = (text: string) => new TextEncoder().encode(text)

test.each([
  ['XML', octets('<?xml version="1.0"?><pdml/>')],
  ['XML', octets('\n  <pdml version="0">\n<packet></packet></pdml>')],
  ['HTML', octets('<!DOCTYPE html><title>404 not found</title>')],
  ['JSON', octets('[{"_index": "packets", "_source": {}}]')],
  ['JSON', octets('{"frames": []}')],
  ['the text that tcpdump prints', octets('12:00:01.123456 IP 10.0.0.1.80 > 10.0.0.2.99: Flags [S]')],
  ['text', octets('hello\n')],
  ['text', octets('grüße, was für ein schöner Tag')],
  ['a zip archive', octets('PK\x03\x04 and so on, and on, and on')],
  ['xz-compressed data', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4)],
  ['an ELF program', octets('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0')],
  ['a PNG image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)],
  ['a JPEG image', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16)],
  ['a PDF document', octets('%PDF-1.7\n')],
  ['a snoop capture', octets('snoop\0\0\0\0\0\0\x02\0\0\0\x04')],
  ['a capture cut off inside its file header', Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0)],
  ['a pcapng capture whose section header is damaged', new PcapngBytes().section().done().fill(0, 8, 12)],
  ['nothing but zeros', new Uint8Array(100)],
  ['data of an unknown kind', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
])('%s', async (what, content) => {
  const error = await readError(content)
  expect(error).toMatchObject({ name: 'CaptureError', fault: 'not-a-capture', file: 'memory' })
  expect(error.message).toContain(`is not a capture: it seems to be ${what}`)
  expect(error.message).not.toContain('\n')
})

test('the first octets are shown, harmless to a terminal', async () => {
  const { message } = await readError(octets('<a>\x1b[31m\x07 and more than sixteen'))
  expect(message).toContain('(begins with 3c 61 3e 1b 5b 33 31 6d 07 20 61 6e 64 20 6d 6f ... "<a>.[31m. and mo")')
})

test('an empty file has its own message', async () => {
  expect((await readError(new Uint8Array(0))).message).toBe('is empty: 0 octets, not even a file header')
})

test('what was compressed is named with the compression', () => {
  const source = { ...memorySource(new Uint8Array(0)), compression: 'gzip' as const }
  expect(notACapture(source, octets('hello')).message).toContain('it seems to be gzip of text')
  expect(notACapture(source, new Uint8Array(0)).message).toBe('is gzip of an empty file')
})

test('what to do about it', async () => {
  expect((await readError(Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4))).hint).toContain('xz -dc')
})
