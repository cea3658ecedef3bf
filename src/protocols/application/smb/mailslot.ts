/** Mailslots: datagrams that SMB's Trans command carries, [MS-MAIL] §2.2.1; most of them of the browser, [MS-BRWS]. */
import { read16le } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { u8 } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { layerOnly } from '../layer-only.ts'

const MAILSLOT = protocolId('mailslot')
const BROWSER = protocolId('browser')
const NETLOGON = protocolId('smb_netlogon')

// Octets from the parameter words of Trans ([MS-CIFS] §2.2.4.33.1).
const DATA_COUNT = 22
const DATA_OFFSET = 24
const SETUP_COUNT = 26
const SETUP = 28

const NAME_BROWSER = '\\MAILSLOT\\BROWSE'
const NAME_LANMAN = '\\MAILSLOT\\LANMAN'
const NAME_NET = '\\MAILSLOT\\NET'

/** Hot: whether `name` stands at `at`, whatever the case of its letters. */
function isNamed(bytes: Uint8Array, at: number, end: number, name: string, step: number): boolean {
  if (at + name.length * step > end) return false
  for (let i = 0; i < name.length; i++) if ((bytes[at + i * step] & 0xdf) !== (name.charCodeAt(i) & 0xdf)) return false
  return true
}

/** Hot: the layers of a Trans request to a mailslot; `header` is SMB's, `words` the first parameter, `data` the name. */
export function enterMailslot(packet: Packet, header: number, words: number, data: number, isUnicode: boolean): void {
  const { bytes, end } = packet
  const count = bytes[words - 1]
  if (count < 17 || bytes[words + SETUP_COUNT] !== 3) return
  const step = isUnicode ? 2 : 1
  // UTF-16 begins at an even offset.
  const name = isUnicode && ((data - header) & 1) === 1 ? data + 1 : data
  const isBrowser = isNamed(bytes, name, end, NAME_BROWSER, step) || isNamed(bytes, name, end, NAME_LANMAN, step)
  const isNet = !isBrowser && isNamed(bytes, name, end, NAME_NET, step)
  if (!isBrowser && !isNet) return
  const layer = packet.layerCount
  packet.enter(MAILSLOT, words + SETUP)
  packet.layerRepeats[layer] = 1
  const at = header + read16le(bytes, words + DATA_OFFSET)
  const to = Math.min(end, at + read16le(bytes, words + DATA_COUNT))
  if (at < data || at >= to) return
  packet.enter(isBrowser ? BROWSER : NETLOGON, at)
  packet.layerEnd[layer + 1] = to
}

export const mailslotProtocols: readonly Protocol[] = [
  layerOnly(MAILSLOT, 'mailslot', 'SMB MailSlot Protocol'),
  layerOnly(BROWSER, 'browser', 'Microsoft Windows Browser Protocol', [
    u8('browser.command', 0, 'Command', {
      base: 'hex',
      values: {
        1: 'Host Announcement',
        2: 'Request Announcement',
        8: 'Browser Election Request',
        9: 'Get Backup List Request',
        10: 'Get Backup List Response',
        11: 'Become Backup Browser',
        12: 'Domain/Workgroup Announcement',
        13: 'Master Announcement',
        14: 'Reset Browser State Announcement',
        15: 'Local Master Announcement',
      },
    }),
  ]),
  layerOnly(NETLOGON, 'smb_netlogon', 'Microsoft Windows Logon Protocol (Old)'),
]
