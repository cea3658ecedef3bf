/** Captures written out octet by octet, in a folder of their own that goes away with the test run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export const SYN = 0x02
export const SYN_ACK = 0x12
export const ACK = 0x10

/** Little-endian pcap, microseconds: version 2.4, the snaplen and the link type. */
function fileHeader(snaplen: number, linkType: number): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(snaplen, 16)
  header.writeUInt32LE(linkType, 20)
  return header
}

export interface Record {
  readonly data: Buffer
  /** Microseconds since the capture's first second, which is 2017-01-09T18:51:33Z. */
  readonly at: number
  /** What the record header claims; the octets in `data` if not given. */
  readonly claims?: number
}

const START = 1483987893

export function pcap(records: readonly Record[], { snaplen = 262144, linkType = 1 } = {}): Buffer {
  const parts = [fileHeader(snaplen, linkType)]
  for (const { data, at, claims } of records) {
    const kept = data.subarray(0, snaplen)
    const header = Buffer.alloc(16)
    header.writeUInt32LE(START + Math.floor(at / 1e6), 0)
    header.writeUInt32LE(at % 1e6, 4)
    header.writeUInt32LE(claims ?? kept.length, 8)
    header.writeUInt32LE(data.length, 12)
    parts.push(header, kept)
  }
  return Buffer.concat(parts)
}

/** Ethernet, IPv4, TCP without options or payload. */
export function tcp(
  from: number,
  fromPort: number,
  to: number,
  toPort: number,
  flags: number,
  seq = 0,
  ack = 0,
): Buffer {
  const packet = Buffer.alloc(54)
  packet.set([2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 0x08, 0x00])
  // IPv4: 20 octets of header, 40 in all, protocol 6, 10.0.0.x
  packet.set([0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, from, 10, 0, 0, to], 14)
  packet.writeUInt16BE(fromPort, 34)
  packet.writeUInt16BE(toPort, 36)
  packet.writeUInt32BE(seq, 38)
  packet.writeUInt32BE(ack, 42)
  packet.set([0x50, flags, 0xff, 0xff], 46)
  return packet
}

/** A clean handshake: 2.211 ms to the SYN-ACK, 0.021 ms from there to the ACK. */
export function handshake(port: number, at = 0, server = 3389): Record[] {
  return [
    { at, data: tcp(5, port, 4, server, SYN, 100) },
    { at: at + 2211, data: tcp(4, server, 5, port, SYN_ACK, 500, 101) },
    { at: at + 2232, data: tcp(5, port, 4, server, ACK, 101, 501) },
  ]
}

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'pcapx-test-'))

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }))
  }

  file(name: string, content?: string | Uint8Array): string {
    const path = join(this.path, name)
    if (content !== undefined) writeFileSync(path, content)
    return path
  }
}
