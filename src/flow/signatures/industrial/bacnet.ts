/** BACnet/IP: ASHRAE 135, annex J.2 (BVLC) and §6.2 (the network layer's first octet). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const BACNET_IP = 0x81
const HEADER = 4
const NPDU_VERSION = 1

const RESULT = 0x00
const FORWARDED_NPDU = 0x04
const REGISTER_FOREIGN_DEVICE = 0x05
const DISTRIBUTE_BROADCAST = 0x09
const UNICAST_NPDU = 0x0a
const BROADCAST_NPDU = 0x0b
/** A result code, or a time to live. */
const SHORT_LENGTH = 6
/** The sender's address, before what is forwarded. */
const ADDRESS_LENGTH = 6

export const bacnet: Signature = {
  name: 'bvlc',
  title: 'BACnet Virtual Link Control',
  transport: 'udp',
  evidence: "function with the datagram's length, and a network layer of version 1",
  begins: [BACNET_IP],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < SHORT_LENGTH || read16(bytes, at + 2) !== length) return false
    switch (bytes[at + 1]) {
      case RESULT:
      case REGISTER_FOREIGN_DEVICE:
        return length === SHORT_LENGTH
      case FORWARDED_NPDU:
        return end - at > HEADER + ADDRESS_LENGTH && bytes[at + HEADER + ADDRESS_LENGTH] === NPDU_VERSION
      case DISTRIBUTE_BROADCAST:
      case UNICAST_NPDU:
      case BROADCAST_NPDU:
        return bytes[at + HEADER] === NPDU_VERSION
      default:
        return false
    }
  },
}
