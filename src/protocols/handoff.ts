/**
 * Which protocol follows which: one table for each handoff, filled from the `carriedBy` of every protocol.
 * All lookups are Hot and return a protocol number, or what `otherwise` says for an unknown key.
 */
import { type HandoffTable, type Protocol, registered } from './protocol.ts'

const SIZES: Record<HandoffTable, number> = {
  linktype: 65_536,
  ethertype: 65_536,
  'ip.proto': 256,
  'llc.dsap': 256,
  'ppp.protocol': 65_536,
  'gre.proto': 65_536,
  'udp.port': 65_536,
  'tcp.port': 65_536,
  'udp.application': 65_536,
  'tcp.application': 65_536,
  'llc.cisco_pid': 65_536,
  'sll.ltype': 65_536,
  'sll.hatype': 65_536,
  'chdlc.protocol': 65_536,
  'fr.nlpid': 256,
  osinl: 256,
}

function table(name: HandoffTable): Uint16Array {
  return new Uint16Array(SIZES[name])
}

export const byLinkType = table('linktype')
export const byEthertype = table('ethertype')
export const byIpProtocol = table('ip.proto')
export const byLsap = table('llc.dsap')
export const byPppProtocol = table('ppp.protocol')
export const byGreProtocol = table('gre.proto')
export const byUdpPort = table('udp.port')
export const byTcpPort = table('tcp.port')
/** What TCP and UDP carry, looked up only when that is decoded: `flow/dissection.ts`. */
export const applicationByUdpPort = table('udp.application')
export const applicationByTcpPort = table('tcp.application')
export const byCiscoPid = table('llc.cisco_pid')
export const bySllProtocol = table('sll.ltype')
export const bySllHardware = table('sll.hatype')
export const byChdlcProtocol = table('chdlc.protocol')
export const byFrameRelayNlpid = table('fr.nlpid')
export const byOsiIdentifier = table('osinl')

const tables: Record<HandoffTable, Uint16Array> = {
  linktype: byLinkType,
  ethertype: byEthertype,
  'ip.proto': byIpProtocol,
  'llc.dsap': byLsap,
  'ppp.protocol': byPppProtocol,
  'gre.proto': byGreProtocol,
  'udp.port': byUdpPort,
  'tcp.port': byTcpPort,
  'udp.application': applicationByUdpPort,
  'tcp.application': applicationByTcpPort,
  'llc.cisco_pid': byCiscoPid,
  'sll.ltype': bySllProtocol,
  'sll.hatype': bySllHardware,
  'chdlc.protocol': byChdlcProtocol,
  'fr.nlpid': byFrameRelayNlpid,
  osinl: byOsiIdentifier,
}

/** Enters what `protocol` says of its carriers. Two protocols on one key are a mistake in the code. */
export function register(protocol: Protocol): void {
  registered[protocol.id] = protocol
  for (const [name, keys] of Object.entries(protocol.carriedBy ?? {})) {
    const table = tables[name as HandoffTable]
    for (const key of typeof keys === 'number' ? [keys] : keys) {
      if (table[key] !== 0) throw new Error(`${protocol.name}: ${name} ${key} is taken`)
      table[key] = protocol.id
    }
  }
}

/** Below this the type field of Ethernet is a length (IEEE 802.3 §3.2.6). */
export const MIN_ETHERTYPE = 0x0600
