/** Raw IP: LINKTYPE_RAW. The packet begins with an IP header of either version, or nearly so. */
import { read16, read32 } from '../packet/bytes.ts'
import { DATA } from './data.ts'
import { byEthertype } from './handoff.ts'
import { PPP } from './ppp.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const RAW = protocolId('raw')

const IP_VERSION_4 = 4
const IP_VERSION_6 = 6
const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd

/** Address and control of PPP: some drivers name their link raw IP and put PPP there. */
const PPP_FRAMING = 0xff03
/** Linux ISDN puts a made-up MAC address before that. */
const ISDN_PADDING = 6
/** And others ten octets of zero before IP. */
const ZERO_PADDING = 10

export const raw: Protocol = {
  id: RAW,
  name: 'raw',
  title: 'Raw packet data',
  carriedBy: { linktype: [12, 14, 101] },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(RAW, at)
    const bytes = packet.bytes
    if (packet.end - at < ISDN_PADDING + 2) return packet.truncated(RAW)
    packet.payload = at
    if (read16(bytes, at) === PPP_FRAMING) return PPP
    if (read16(bytes, at + ISDN_PADDING) === PPP_FRAMING) {
      packet.payload = at + ISDN_PADDING
      return PPP
    }
    if (
      packet.end - at >= ZERO_PADDING &&
      read32(bytes, at) === 0 &&
      read32(bytes, at + 4) === 0 &&
      read16(bytes, at + 8) === 0
    ) {
      packet.payload = at + ZERO_PADDING
      return byEthertype[IPV4_TYPE]
    }
    switch (bytes[at] >> 4) {
      case IP_VERSION_4:
        return byEthertype[IPV4_TYPE]
      case IP_VERSION_6:
        return byEthertype[IPV6_TYPE]
      default:
        return DATA
    }
  },
}
