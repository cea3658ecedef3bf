/** Zabbix: its documentation, "Protocols", "Header". Little-endian. */
import { read32le } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const MAGIC = 'ZBXD'
const HEADER = 13
/** Zabbix itself, compressed, large. */
const ZABBIX = 1
const MAX_FLAGS = 7
const LARGE = 4
const MAX_DATA = 0x40000000

/** Wireshark has had no name for it until version 4.2, which has this one. */
export const zabbix: Signature = {
  name: 'zabbix',
  title: 'Zabbix Protocol',
  transport: 'tcp',
  evidence: 'header "ZBXD"',
  begins: firstOctets([MAGIC]),
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.startsWith(MAGIC) || end - at < HEADER) return false
    const flags = bytes[at + 4]
    if ((flags & ZABBIX) === 0 || flags > MAX_FLAGS) return false
    return (flags & LARGE) !== 0 || read32le(bytes, at + 5) <= MAX_DATA
  },
}
