/**
 * H.245: how the ends of an H.323 call agree on media (ITU-T H.245), in TPKT. The connection's port is said in H.225, which is
 * in PER and not decoded: an address of one of the two hosts in it, with a port behind, is taken for it. Named, not decoded.
 */
import { formatIpv4 } from '../../../packet/address.ts'
import { read16, read32 } from '../../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../../packet/packet.ts'
import { IPV4 } from '../../ipv4.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { TCP } from '../../tcp.ts'
import { looksLikeTpkt } from './tpkt-header.ts'

export const H245 = protocolId('h245')

/** Ports below are not handed out. */
const MIN_PORT = 1024
/** Where the addresses are in an IPv4 header. */
const SOURCE = 12
const DESTINATION = 16

/** Announces H.245 where the H.225 message from `at` to `end` seems to say that it will be spoken. Rare: it may build strings. */
export function announceH245(packet: Packet, at: number, end: number): void {
  const { bytes, conversation, network, transport } = packet
  if (conversation === null || network < 0 || packet.layerProtocol[network] !== IPV4) return
  const header = packet.layerAt[network]
  const source = read32(bytes, header + SOURCE)
  const destination = read32(bytes, header + DESTINATION)
  const ports = packet.layerAt[transport]
  for (let from = at; from + 6 <= end; from++) {
    const address = read32(bytes, from)
    if (address !== source && address !== destination) continue
    const port = read16(bytes, from + 4)
    // The address of the call itself is said as well.
    if (port < MIN_PORT || port === read16(bytes, ports) || port === read16(bytes, ports + 2) || port === CALL_PORT)
      continue
    conversation.expect(TCP, formatIpv4(address), port, H245)
  }
}

/** Where calls are signalled. */
const CALL_PORT = 1720

/** A decoder for H.245; `enterTpkt` enters the layer of the TPKT header. */
export function makeH245(enterTpkt: (packet: Packet, at: number) => void): Protocol {
  return {
    id: H245,
    name: 'h245',
    title: 'MULTIMEDIA-SYSTEM-CONTROL',
    need: 'dissection',
    fields: [],

    /** Hot. */
    decode(packet, at) {
      if (!looksLikeTpkt(packet, at)) return REJECTED
      const end = at + read16(packet.bytes, at + 2)
      if (packet.canReassemble && end > packet.wireEnd) return packet.incomplete(end - packet.wireEnd)
      packet.enter(H245, at)
      packet.endMessage(end)
      enterTpkt(packet, at)
      packet.enter(H245, at + 4)
      packet.payload = packet.end
      return NONE
    },
  }
}
