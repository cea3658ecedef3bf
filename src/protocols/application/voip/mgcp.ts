/** MGCP: media gateway control, RFC 3435 §3.1: a command line or a response line, parameters, and session descriptions. */
import { NONE, type Packet, REJECTED } from '../../../packet/packet.ts'
import { computed, type Field } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { latin1, lineEnd, nextLine, utf8 } from '../lines.ts'
import { SDP } from './sdp.ts'

export const MGCP = protocolId('mgcp')

const VERBS = new Set(['EPCF', 'CRCX', 'MDCX', 'DLCX', 'RQNT', 'NTFY', 'AUEP', 'AUCX', 'RSIP', 'MESG'])
const REQUEST_LINE = /^([A-Za-z]{4})\s+(\S+)\s+(\S+)\s+(MGCP.*)$/
const RESPONSE_LINE = /^(\d{3})\s+(\S+)\s*(.*)$/

/** Lines of one message that are looked at. */
const MAX_LINES = 1024

/** Whether a command or a response begins at `at`: a verb (those that begin with X are anyone's) or a code, and a space. */
function looksLikeMgcp(packet: Packet, at: number): boolean {
  const { bytes, end } = packet
  if (end - at < 4) return false
  const word = latin1(bytes, at, Math.min(end, at + 5))
  if (/^\d{3}\s/.test(word)) return true
  if (!/^[A-Za-z]{4}\s/.test(word)) return false
  const verb = word.slice(0, 4).toUpperCase()
  return verb.startsWith('X') || VERBS.has(verb)
}

function ofLine(type: 'string' | 'uint32', name: string, pattern: RegExp, group: number, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    const parts = pattern.exec(utf8(packet.bytes, at, lineEnd(packet.bytes, at, packet.layerEnd[layer], false)))
    if (parts === null || parts[group] === '') return false
    return type === 'string' ? visit(parts[group], 0) : visit(Number(parts[group]), 0)
  })
}

const transaction = (pattern: RegExp): Field => ofLine('string', 'mgcp.transid', pattern, 2, 'Transaction ID')
const ofRequest = transaction(REQUEST_LINE)
const ofResponse = transaction(RESPONSE_LINE)

export const mgcp: Protocol = {
  id: MGCP,
  name: 'mgcp',
  title: 'Media Gateway Control Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': [2427, 2727], 'tcp.application': [2427, 2727] },
  fields: [
    ofLine('string', 'mgcp.req.verb', REQUEST_LINE, 1, 'Verb'),
    ofLine('uint32', 'mgcp.rsp.rspcode', RESPONSE_LINE, 1, 'Response Code'),
    {
      ...ofRequest,
      each: (packet, layer, visit) => ofRequest.each(packet, layer, visit) || ofResponse.each(packet, layer, visit),
    },
    ofLine('string', 'mgcp.req.endpoint', REQUEST_LINE, 3, 'Endpoint'),
    ofLine('string', 'mgcp.version', REQUEST_LINE, 4, 'Version'),
    ofLine('string', 'mgcp.rsp.rspstring', RESPONSE_LINE, 3, 'Response String'),
  ],

  /** Rare; reads its first octets as text. */
  decode(packet, at) {
    if (!looksLikeMgcp(packet, at)) return REJECTED
    packet.enter(MGCP, at)
    const { bytes, end } = packet
    packet.payload = end
    // A session description begins behind an empty line.
    let next = at
    for (let i = 0; i < MAX_LINES && next < end; i++) {
      const from = next
      const to = lineEnd(bytes, from, end, false)
      next = nextLine
      if (to === from && next < end && bytes[next] === 0x76) {
        packet.payload = next
        return SDP
      }
    }
    return NONE
  },
}
