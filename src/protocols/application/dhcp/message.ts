/**
 * A DHCP message, RFC 2131 §2.
 *
 *     0           1            2             3        4  octets
 *   0 | operation | hw. type   | hw. length  | hops   |
 *   4 |              transaction                      |
 *   8 |        seconds         |        flags         |
 *  12 |  addresses: client, your, next server, relay  |
 *  28 |  hardware address (16) ...
 *  44 |  server name (64) ...
 * 108 |  boot file name (128) ...
 * 236 |  magic cookie (4), options; or what a vendor likes (64)
 */
import { read32 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'

// Octets from the first octet of the message.
export const HARDWARE_TYPE = 1
export const HARDWARE_LENGTH = 2
export const HARDWARE_ADDRESS = 28
export const SERVER = 44
export const FILE = 108
export const COOKIE = 236

export const HARDWARE_ADDRESS_LENGTH = 16
export const SERVER_LENGTH = 64
export const FILE_LENGTH = 128
const COOKIE_LENGTH = 4
/** Octets for the vendor in a BOOTP message (RFC 951 §3). */
export const VENDOR_LENGTH = 64

const MAGIC = 0x63825363

// Options of a single octet (RFC 2132 §3).
const PAD = 0
const END = 255
/** Says that the names' places hold options too (RFC 2132 §9.3). */
const OVERLOAD = 52
/** Stands for the octets behind the end. */
export const TRAILER = -1
export const OVERLOADS_FILE = 1
export const OVERLOADS_SERVER = 2

/** Called with the code of an option, where its value begins and how long it is; stops where it returns true. */
type Visitor = (code: number, at: number, length: number) => boolean

/** `walk`: an option runs past the end; a visitor stopped it. */
const BROKEN = -1
const STOPPED = -2

/** Hot: whether options follow the fixed part. */
export function hasMagicCookie({ bytes, layerAt, layerEnd }: Packet, layer: number): boolean {
  const at = layerAt[layer] + COOKIE
  return at + COOKIE_LENGTH <= layerEnd[layer] && read32(bytes, at) === MAGIC
}

/** Hot: whether the message is all there, to the end of the last option. */
export function isWhole(packet: Packet, layer: number): boolean {
  const from = optionsAt(packet, layer)
  const end = packet.layerEnd[layer]
  return from <= end && walk(packet.bytes, from, end, null, false) >= 0
}

/** Of a message with options that the snaplen cut, Wireshark shows nothing: it reads the options first. */
export function isShown(packet: Packet, layer: number): boolean {
  return packet.layerEnd[layer] >= packet.layerWireEnd[layer] || !hasMagicCookie(packet, layer)
}

/** Hot. */
function optionsAt(packet: Packet, layer: number): number {
  return packet.layerAt[layer] + COOKIE + (hasMagicCookie(packet, layer) ? COOKIE_LENGTH : VENDOR_LENGTH)
}

/**
 * Calls `visit` for each option; those in the places of the names follow the option that says they are there. With
 * `all`, for each run of padding, for the end, for the octets behind that, and for an option that is cut as well.
 */
export function eachOption(packet: Packet, layer: number, visit: Visitor, all = false): boolean {
  const from = optionsAt(packet, layer)
  const end = packet.layerEnd[layer]
  if (from > end) return false
  const at = packet.layerAt[layer]
  const withNames: Visitor = (code, value, length) => {
    if (visit(code, value, length)) return true
    if (code !== OVERLOAD || length !== 1) return false
    const overload = packet.bytes[value]
    return (
      ((overload & OVERLOADS_SERVER) !== 0 && isStopped(packet.bytes, at + SERVER, SERVER_LENGTH, visit, all)) ||
      ((overload & OVERLOADS_FILE) !== 0 && isStopped(packet.bytes, at + FILE, FILE_LENGTH, visit, all))
    )
  }
  const stopped = walk(packet.bytes, from, end, withNames, all)
  if (stopped === STOPPED) return true
  return all && stopped >= 0 && stopped < end && visit(TRAILER, stopped, end - stopped)
}

function isStopped(bytes: Uint8Array, at: number, length: number, visit: Visitor, all: boolean): boolean {
  return walk(bytes, at, at + length, visit, all) === STOPPED
}

/** Which names' places hold options. */
export function overloadOf(packet: Packet, layer: number): number {
  let overload = 0
  const from = optionsAt(packet, layer)
  if (from <= packet.layerEnd[layer])
    walk(
      packet.bytes,
      from,
      packet.layerEnd[layer],
      (code, at, length) => {
        if (code === OVERLOAD && length === 1) overload |= packet.bytes[at]
        return false
      },
      false,
    )
  return overload
}

/** Hot without a visitor: one past the end option, or past the last. */
function walk(bytes: Uint8Array, from: number, end: number, visit: Visitor | null, all: boolean): number {
  let at = from
  while (at < end) {
    const code = bytes[at]
    if (code === PAD) {
      const start = at
      while (at < end && bytes[at] === PAD) at++
      if (all && visit?.(PAD, start, at - start)) return STOPPED
      continue
    }
    if (code === END) {
      if (all && visit?.(END, at + 1, 0)) return STOPPED
      return at + 1
    }
    if (at + 2 > end) return BROKEN
    const length = bytes[at + 1]
    const isCut = at + 2 + length > end
    if ((all || !isCut) && visit?.(code, at + 2, length)) return STOPPED
    if (isCut) return BROKEN
    at += 2 + length
  }
  return at
}
