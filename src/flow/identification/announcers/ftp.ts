/** FTP's data connections: RFC 959 §4.1.2 (PORT, PASV), RFC 2428 §2 (EPRT), §3 (EPSV). */
import { firstOctets } from '../../signatures/signature.ts'
import { type Announcement, type Announcer, portOf, SENDER, textOf } from './announcer.ts'

/** `227 ... h1,h2,h3,h4,p1,p2` and `PORT h1,h2,h3,h4,p1,p2`. */
const HOST_PORT = /^(?:227 [^\r\n]*?|PORT )(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/i
/** `229 ... (|||port|)`. */
const EXTENDED_PASSIVE = /^229 [^\r\n(]*\(\|\|\|(\d{1,5})\|\)/
/** `EPRT |1|address|port|`. */
const EXTENDED_PORT = /^EPRT \|[12]\|([0-9a-f.:]{2,45})\|(\d{1,5})\|/i

const BEGINNINGS = ['227 ', '229 ', 'port ', 'eprt ']

export const ftpData: Announcer = {
  applications: ['ftp'],
  transport: 'tcp',
  begins: firstOctets([...BEGINNINGS, 'PORT', 'EPRT']),
  read(payload) {
    if (!BEGINNINGS.some((text) => payload.startsWithIgnoringCase(text))) return []
    const text = textOf(payload)
    const passive = HOST_PORT.exec(text)
    if (passive !== null) {
      const [a, b, c, d, high, low] = passive.slice(1).map(Number)
      if (Math.max(a, b, c, d, high, low) > 255) return []
      return announced(`${a}.${b}.${c}.${d}`, high * 256 + low)
    }
    const extended = EXTENDED_PASSIVE.exec(text)
    if (extended !== null) return announced(SENDER, portOf(extended[1]))
    const active = EXTENDED_PORT.exec(text)
    return active === null ? [] : announced(active[1], portOf(active[2]))
  },
}

function announced(address: Announcement['address'], port: number | null): readonly Announcement[] {
  return port === null || port === 0 ? [] : [{ transport: 'tcp', address, port, application: 'ftp-data' }]
}
