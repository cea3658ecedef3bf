/**
 * The portmapper, RFC 1833: version 2 says which port a program has, versions 3 and 4 (rpcbind) at which address of which
 * network it is. Its layer begins with the arguments of a call or the results of a reply.
 */
import { read32 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions } from '../../field.ts'
import { ipProtocolNames } from '../../names.ts'
import { visitText } from '../../text.ts'
import { programCall, programIsReply } from './message.ts'
import { skipOpaque } from './xdr.ts'

// Procedures of version 2 (RFC 1833 §3.2), the first three of versions 3 and 4 as well (§2.2).
const SET = 1
const UNSET = 2
const GET = 3
const DUMP = 4
const CALLIT = 5

/** Octets of an entry of a dumped list: a 1 that says that there is one, and four integers. */
const ENTRY = 20

/** Where what is at `offset` of the mappings lies that the layer has. */
function eachMapping(packet: Packet, layer: number, offset: number, each: (at: number) => boolean): boolean {
  const call = programCall[layer]
  if (call === null || call.version > 2) return false
  const end = packet.layerEnd[layer]
  let at = packet.layerAt[layer]
  if (programIsReply[layer] === 0) {
    const has = call.procedure === CALLIT ? offset < 8 : call.procedure >= SET && call.procedure <= GET
    return has && at + offset + 4 <= end && each(at + offset)
  }
  if (call.procedure !== DUMP) return false
  for (; at + ENTRY <= end && read32(packet.bytes, at) === 1; at += ENTRY) if (each(at + 4 + offset)) return true
  return false
}

function ofMapping(name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return computed(
    'uint32',
    name,
    description,
    (packet, layer, visit) => eachMapping(packet, layer, offset, (at) => visit(read32(packet.bytes, at), 0)),
    options,
  )
}

/** Whether the layer is the call (or reply) of one of `procedures`, of version 2 or of a later one. */
function is(layer: number, isReply: boolean, isLater: boolean, ...procedures: number[]): boolean {
  const call = programCall[layer]
  return (
    call !== null &&
    (programIsReply[layer] === 1) === isReply &&
    call.version > 2 === isLater &&
    procedures.includes(call.procedure)
  )
}

/** A string of the arguments of versions 3 and 4: the nth one behind the program and its version. */
function textOfAddress(name: string, n: number, description: string): Field {
  return computed('string', name, description, (packet, layer, visit) => {
    if (!is(layer, false, true, SET, UNSET, GET)) return false
    const end = packet.layerEnd[layer]
    let at = packet.layerAt[layer] + 8
    for (let i = 0; i < n; i++) at = skipOpaque(packet.bytes, at, end)
    return skipOpaque(packet.bytes, at, end) >= 0 && visitText(packet.bytes, at + 4, read32(packet.bytes, at), visit)
  })
}

function ofAddress(name: string, offset: number, description: string): Field {
  return computed('uint32', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer] + offset
    return (
      is(layer, false, true, SET, UNSET, GET) && at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
    )
  })
}

export const portmapFields: readonly Field[] = [
  ofMapping('portmap.prog', 0, 'Program'),
  ofMapping('portmap.version', 4, 'Version'),
  computed('uint32', 'portmap.proc', 'Procedure; to be called for the caller', (packet, layer, visit) => {
    const at = packet.layerAt[layer] + 8
    return is(layer, false, false, CALLIT) && at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
  }),
  ofMapping('portmap.proto', 8, 'Protocol; 6 is TCP, 17 is UDP', { values: ipProtocolNames }),
  computed('uint32', 'portmap.port', 'Port', (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (is(layer, true, false, GET, CALLIT))
      return at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
    return eachMapping(packet, layer, 12, (entry) => visit(read32(packet.bytes, entry), 0))
  }),
  computed('boolean', 'portmap.answer', 'Answer; whether it was done', (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (!is(layer, true, false, SET, UNSET) && !is(layer, true, true, SET, UNSET)) return false
    return at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at) === 0 ? 0 : 1, 0)
  }),
  ofAddress('portmap.rpcb.prog', 0, 'Program'),
  ofAddress('portmap.rpcb.version', 4, 'Version'),
  textOfAddress('portmap.rpcb.netid', 0, 'Network Id'),
  textOfAddress('portmap.rpcb.addr', 1, 'Universal Address'),
  textOfAddress('portmap.rpcb.owner', 2, 'Owner of this Service'),
  computed('string', 'portmap.uaddr', 'Universal Address; where the program is', (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (!is(layer, true, true, GET) || skipOpaque(packet.bytes, at, packet.layerEnd[layer]) < 0) return false
    return visitText(packet.bytes, at + 4, read32(packet.bytes, at), visit)
  }),
]
