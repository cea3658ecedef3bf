/**
 * Older headers before 802.11 frames: Prism's (LINKTYPE_IEEE802_11_PRISM) and AVS's (LINKTYPE_IEEE802_11_AVS, network
 * byte order), as the linux-wlan-ng drivers wrote them.
 *
 *    0               4          octets
 *  0 | message code  | length, these included | device name (16), values ...       Prism
 *  0 | version       | length, these included | values ...                         AVS
 */
import { read32, read32le } from '../packet/bytes.ts'
import { byLinkType } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { WLAN_RADIO } from './radiotap.ts'

export const PRISM = protocolId('prism')
export const AVS = protocolId('wlancap')

const MIN_HEADER_LENGTH = 8

// Octets from the first octet of either header.
const MESSAGE_CODE = 0
const LENGTH = 4

// Message codes, in the writer's byte order.
const MESSAGE_CODE_OLD = 0x44
const MESSAGE_CODE_NEW = 0x41

/** AVS's version: this above its number. */
const AVS_MAGIC = 0x8021

/** Prism's own header has one length: 2 words, the name, and ten values of 12 octets. */
const PRISM_HEADER_LENGTH = 144

const LINKTYPE_IEEE802_11 = 105

export const prism: Protocol = {
  id: PRISM,
  name: 'prism',
  title: 'Prism capture header',
  carriedBy: { linktype: 119 },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(PRISM, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(PRISM)
    const bytes = packet.bytes
    packet.payload = at
    if (read32(bytes, at + MESSAGE_CODE) >>> 16 === AVS_MAGIC) return AVS
    const code = Math.min(read32(bytes, at + MESSAGE_CODE), read32le(bytes, at + MESSAGE_CODE))
    // Some drivers leave the header out.
    if (code !== MESSAGE_CODE_OLD && code !== MESSAGE_CODE_NEW) return byLinkType[LINKTYPE_IEEE802_11]
    if (packet.end - at < PRISM_HEADER_LENGTH) return packet.truncated(PRISM)
    packet.payload = at + PRISM_HEADER_LENGTH
    packet.enter(WLAN_RADIO, packet.payload)
    return byLinkType[LINKTYPE_IEEE802_11]
  },
}

export const avs: Protocol = {
  id: AVS,
  name: 'wlancap',
  title: 'AVS WLAN Capture header',
  carriedBy: { linktype: 163 },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(AVS, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(AVS)
    if (read32(packet.bytes, at) >>> 16 !== AVS_MAGIC) return packet.malformed(AVS)
    const length = read32(packet.bytes, at + LENGTH)
    if (length < MIN_HEADER_LENGTH) return packet.malformed(AVS)
    if (at + length > packet.end) return packet.truncated(AVS)
    packet.payload = at + length
    packet.enter(WLAN_RADIO, packet.payload)
    return byLinkType[LINKTYPE_IEEE802_11]
  },
}
