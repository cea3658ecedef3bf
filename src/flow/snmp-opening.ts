/** SNMP over UDP, as far as numbering streams has to know it: Wireshark gives the first packet of a conversation a stream of its own. */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'

/** Agents, and those that get notifications (RFC 3417 §3.2, §3.3); a message is an ASN.1 SEQUENCE. */
const SNMP_PORT = 161
const SNMP_TRAP_PORT = 162
const ASN1_SEQUENCE = 0x30
const UDP_HEADER_LENGTH = 8

function isSnmpPort(port: number): boolean {
  return port === SNMP_PORT || port === SNMP_TRAP_PORT
}

/** Hot: whether the datagram is an SNMP message, by port and first octet. */
export function isSnmp(packet: Packet, layer: number): boolean {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  if (!isSnmpPort(read16(bytes, at)) && !isSnmpPort(read16(bytes, at + 2))) return false
  const payload = at + UDP_HEADER_LENGTH
  return payload < packet.layerEnd[layer] && bytes[payload] === ASN1_SEQUENCE
}
