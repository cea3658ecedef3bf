/** GTP: 3GPP TS 29.060 §6 (version 1), TS 29.274 §5.1 (version 2); GTP': TS 32.295 §6.1.1. On their ports they are decoded anyway. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const CONTROL_PORT = 2123
const USER_PORT = 2152
const CHARGING_PORT = 3386

/** Version 1: protocol type GTP, the spare bit 0, any of E, S and PN. */
const VERSION_1 = [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37]
/** Version 2: with and without TEID, piggybacked and priority bits, the spare ones 0. */
const VERSION_2 = [0x40, 0x44, 0x48, 0x4c, 0x50, 0x58]
/** Version 0 to 2, protocol type GTP', the spare bits 1. */
const CHARGING = [0x0e, 0x0f, 0x2e, 0x2f, 0x4e, 0x4f]

export const gtp: Signature = {
  name: 'gtp',
  title: 'GPRS Tunneling Protocol',
  transport: 'both',
  evidence: `header with the payload's length on port ${CONTROL_PORT} or ${USER_PORT}`,
  begins: [...VERSION_1, ...VERSION_2],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < 8 || !(payload.hasPort(CONTROL_PORT) || payload.hasPort(USER_PORT)) || bytes[at + 1] === 0)
      return false
    const isVersion1 = bytes[at] < 0x40
    const length = read16(bytes, at + 2) + (isVersion1 ? 8 : 4)
    // Two messages of version 2 may share a datagram: piggybacking (TS 29.274 §5.5.1).
    return length === payload.length || (!isVersion1 && length >= 8 && length < payload.length)
  },
}

export const gtpPrime: Signature = {
  name: 'gtpprime',
  title: 'GPRS Tunneling Protocol Prime',
  transport: 'both',
  evidence: `header with the payload's length on port ${CHARGING_PORT}`,
  begins: CHARGING,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < 6 || !payload.hasPort(CHARGING_PORT)) return false
    const type = bytes[at + 1]
    if (!((type >= 1 && type <= 7) || type === 240 || type === 241)) return false
    const length = read16(bytes, at + 2)
    return length + 6 === payload.length || length + 20 === payload.length
  },
}
