/**
 * Our reader against pcap-parser, which shares no code with it. pcap-parser knows microseconds only, no pcapng, and says
 * nothing of files that are cut short, so it is asked about whole files in the format it knows.
 */
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openSource } from '../../src/source/open.ts'
import { readAll } from '../support/capture-bytes.ts'

interface WitnessPacket {
  header: { timestampSeconds: number; timestampMicroseconds: number; capturedLength: number; originalLength: number }
  data: Buffer
}
interface WitnessParser {
  on(event: 'packet', listener: (packet: WitnessPacket) => void): void
  on(event: 'globalHeader', listener: (header: { snapshotLength: number; linkLayerType: number }) => void): void
  on(event: 'end' | 'error', listener: (error?: Error) => void): void
}
const { parse } = createRequire(import.meta.url)('pcap-parser') as {
  parse(stream: NodeJS.ReadableStream): WitnessParser
}

const folder = new URL('../../fixtures/', import.meta.url)
const MICROSECONDS = ['d4c3b2a1', 'a1b2c3d4']
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.pcap'))
  .filter((name) => MICROSECONDS.includes(readFileSync(new URL(name, folder)).subarray(0, 4).toString('hex')))

describe('fixtures', () => {
  test('there are some', () => expect(names.length).toBeGreaterThan(0))

  test.each(names)('%s', async (name) => {
    const url = new URL(name, folder)
    const theirs: unknown[] = []
    let linkType = -1
    await new Promise<void>((resolve, reject) => {
      const parser = parse(createReadStream(url))
      parser.on('globalHeader', (header) => {
        linkType = header.linkLayerType
      })
      parser.on('packet', ({ header, data }) => {
        theirs.push([
          header.timestampSeconds,
          header.timestampMicroseconds * 1000,
          header.capturedLength,
          header.originalLength,
          data.toString('hex'),
        ])
      })
      parser.on('end', () => resolve())
      parser.on('error', reject)
    })

    const source = await openSource(fileURLToPath(url))
    const { info, packets } = await readAll(source)
    await source.close()
    expect(packets.map((p) => [p.seconds, p.nanoseconds, p.captured, p.original, p.data])).toEqual(theirs)
    expect(info).toMatchObject({ truncated: false, damage: null })
    expect(info.interfaces[0].linkType).toBe(linkType)
  })
})
