/** TCP dialogues and UDP datagrams written as text, for tests: who says what to whom. */
import { Packet } from '../../src/packet/packet.ts'
import { decode } from '../../src/protocols/decode.ts'
import type { Frame } from './traffic.ts'

/** `10.0.0.5:40000`; IPv4 only. */
export type Peer = string

const SYN = 0x02
const ACK = 0x10
const PSH_ACK = 0x18
/** 2026-01-01T00:00:00Z; each frame comes a millisecond after the one before. */
const START = 1_767_225_600

/** A connection from its handshake on: each line is `C: text` or `S: text`, the text in latin-1. */
export function dialogue(client: Peer, server: Peer, lines: readonly string[]): Uint8Array[] {
  let clientNext = 1001
  let serverNext = 5001
  const frames = [
    segment(client, server, SYN, 1000, 0, ''),
    segment(server, client, SYN | ACK, 5000, 1001, ''),
    segment(client, server, ACK, 1001, 5001, ''),
  ]
  for (const line of lines) {
    const text = line.slice(3)
    if (line.startsWith('C: ')) {
      frames.push(segment(client, server, PSH_ACK, clientNext, serverNext, text))
      clientNext += text.length
    } else {
      frames.push(segment(server, client, PSH_ACK, serverNext, clientNext, text))
      serverNext += text.length
    }
  }
  return frames
}

/** Ethernet, IPv4 (RFC 791 §3.1), TCP without options (RFC 9293 §3.1). */
export function segment(from: Peer, to: Peer, flags: number, sequence: number, acknowledgment: number, text: string) {
  const data = Buffer.from(text, 'latin1')
  const header = [...ports(from, to), ...u32(sequence), ...u32(acknowledgment), 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]
  return ip(from, to, 6, [...header, ...data])
}

/** Ethernet, IPv4, UDP (RFC 768). */
export function datagram(from: Peer, to: Peer, payload: string | readonly number[]): Uint8Array {
  const data = typeof payload === 'string' ? [...Buffer.from(payload, 'latin1')] : payload
  return ip(from, to, 17, [...ports(from, to), ...u16(8 + data.length), 0, 0, ...data])
}

/** A question to a name server (RFC 1035 §4.1): identification, recursion desired, one question. */
export function dnsQuestion(name: string, type = 1): number[] {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')])
  return [0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, ...u16(type), 0, 1]
}

export function framesFrom(packets: readonly Uint8Array[]): Frame[] {
  return packets.map((bytes, i) => ({
    bytes,
    originalLength: bytes.length,
    seconds: START + Math.floor(i / 1000),
    nanoseconds: (i % 1000) * 1_000_000,
  }))
}

/** Decodes them one after the other into one packet, without fragments: `visit` gets the frame's index. */
export function replayWhole(frames: readonly Frame[], visit: (packet: Packet, index: number) => void): void {
  const packet = new Packet()
  packet.linkType = 1
  for (const [index, { bytes, originalLength, seconds, nanoseconds }] of frames.entries()) {
    packet.bytes = bytes
    packet.scratch = bytes.length
    packet.number = index + 1
    packet.seconds = seconds
    packet.nanoseconds = nanoseconds
    packet.capturedLength = bytes.length
    packet.originalLength = originalLength
    decode(packet)
    visit(packet, index)
  }
}

function ip(from: Peer, to: Peer, protocol: number, payload: readonly number[]): Uint8Array {
  const ethernet = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00]
  const header = [
    0x45,
    0,
    ...u16(20 + payload.length),
    0,
    1,
    0,
    0,
    64,
    protocol,
    0,
    0,
    ...address(from),
    ...address(to),
  ]
  return Uint8Array.of(...ethernet, ...header, ...payload)
}

function address(peer: Peer): number[] {
  return peer.split(':')[0].split('.').map(Number)
}

function ports(from: Peer, to: Peer): number[] {
  return [...u16(Number(from.split(':')[1])), ...u16(Number(to.split(':')[1]))]
}

function u16(value: number): number[] {
  return [value >>> 8, value & 255]
}

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)]
}
