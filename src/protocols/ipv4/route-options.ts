/**
 * IPv4's routes: loose and strict source route, and record route (RFC 791 §3.1, "Specific Option Definitions").
 *
 *    0      1        2         3
 *  0 | type | length | pointer | addresses of four octets ...
 *
 * The pointer counts from 1. Addresses before it were recorded on the way; the last one of a source route is where the
 * datagram goes in the end, and the header's destination only the next stop.
 */
import { read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type Visit } from '../field.ts'
import { hostField } from './host.ts'
import { eachOption, LOOSE_ROUTE, optionField, RECORD_ROUTE, STRICT_ROUTE } from './option-walk.ts'

const HEADER_LENGTH = 3
const ADDRESS_LENGTH = 4
const POINTER = 2
const MIN_POINTER = 4
const DESTINATION = 16

const ROUTES = [LOOSE_ROUTE, STRICT_ROUTE, RECORD_ROUTE]

// What an address in a route is.
const RECORDED = 0
const FINAL = 1
const TO_COME = 2
const EMPTY = 3

function isSourceRoute(type: number): boolean {
  return type === LOOSE_ROUTE || type === STRICT_ROUTE
}

/** Whether the pointer points to the first octet of an address, or behind the last. */
function isPointer(pointer: number): boolean {
  return pointer >= MIN_POINTER && (pointer & 3) === 0
}

/** What the address at `offset` of the option is. */
function kindOf(type: number, pointer: number, offset: number, length: number): number {
  if (pointer > length) return RECORDED
  if (isSourceRoute(type) && offset === length - ADDRESS_LENGTH) return FINAL
  if (offset + 1 < pointer) return RECORDED
  return isSourceRoute(type) ? TO_COME : EMPTY
}

/** The addresses of one kind. */
function eachAddress(packet: Packet, layer: number, kind: number, visit: Visit): boolean {
  const { bytes } = packet
  return eachOption(packet, layer, (type, at, length) => {
    if (!ROUTES.includes(type) || length < HEADER_LENGTH || !isPointer(bytes[at + POINTER])) return false
    for (let offset = HEADER_LENGTH; offset + ADDRESS_LENGTH <= length; offset += ADDRESS_LENGTH)
      if (kindOf(type, bytes[at + POINTER], offset, length) === kind && visit(read32(bytes, at + offset), 0))
        return true
    return false
  })
}

/** Whether the header has a source route that still has a stop to make. */
function isRouted(packet: Packet, layer: number): boolean {
  const { bytes } = packet
  return eachOption(
    packet,
    layer,
    (type, at, length) =>
      isSourceRoute(type) && length >= HEADER_LENGTH && isPointer(bytes[at + POINTER]) && bytes[at + POINTER] <= length,
  )
}

/** Where the datagram goes: the header's destination, or the end of its source route. */
export function eachDestination(packet: Packet, layer: number, visit: Visit): boolean {
  const at = packet.layerAt[layer]
  if (at + DESTINATION + ADDRESS_LENGTH > packet.layerEnd[layer]) return false
  if ((packet.bytes[at] & 15) > 5 && isRouted(packet, layer)) return eachAddress(packet, layer, FINAL, visit)
  return visit(read32(packet.bytes, at + DESTINATION), 0)
}

function eachStop(packet: Packet, layer: number, visit: Visit): boolean {
  return isRouted(packet, layer) && visit(read32(packet.bytes, packet.layerAt[layer] + DESTINATION), 0)
}

function route(name: string, description: string, kind: number): Field {
  return computed('ipv4', name, description, (packet, layer, visit) => eachAddress(packet, layer, kind, visit))
}

/** A remark on the pointer, there where `holds`. */
function pointerRemark(name: string, description: string, holds: (pointer: number) => boolean): Field {
  return optionField(
    'none',
    name,
    description,
    ROUTES,
    (packet, at, length, visit) => length >= HEADER_LENGTH && holds(packet.bytes[at + POINTER]) && visit(0, 0),
  )
}

const current = computed('ipv4', 'ip.cur_rt', "Current Route; a source route's next stop", eachStop)
const recorded = route('ip.rec_rt', 'Recorded Route; addresses passed so far', RECORDED)
const toCome = route('ip.src_rt', 'Source Route; stops to come', TO_COME)
const empty = route('ip.empty_rt', 'Empty Route; room for addresses to record', EMPTY)

export const routeFields: readonly Field[] = [
  current,
  hostField('ip.cur_rt_host', 'Current Route Host', current.each),
  recorded,
  hostField('ip.rec_rt_host', 'Recorded Route Host', recorded.each),
  toCome,
  hostField('ip.src_rt_host', 'Source Route Host', toCome.each),
  empty,
  hostField('ip.empty_rt_host', 'Empty Route Host', empty.each),
  pointerRemark('ip.opt.ptr.before_address', 'Pointer points before first address', (pointer) => pointer < MIN_POINTER),
  pointerRemark(
    'ip.opt.ptr.middle_address',
    'Pointer points to middle of address',
    (pointer) => pointer >= MIN_POINTER && !isPointer(pointer),
  ),
]

/** Whether octets are left over behind the last whole address of the route at `at`. */
export function hasRest(bytes: Uint8Array, type: number, at: number, length: number): boolean {
  return (
    ROUTES.includes(type) &&
    length >= HEADER_LENGTH &&
    isPointer(bytes[at + POINTER]) &&
    (length - HEADER_LENGTH) % ADDRESS_LENGTH !== 0
  )
}
