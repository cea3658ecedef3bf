/** The text of a NetBIOS name: 16 octets, padded with spaces, the last of which says what has the name. Not hot. */

/** Octets of a name. */
export const NAME_LENGTH = 16

/** The name as Wireshark writes it, without its last octet: `WORKGROUP`, `<01><02>__MSBROWSE__<02>`. */
export function netbiosName(bytes: Uint8Array, at: number): string {
  let text = ''
  for (let i = 0; i < NAME_LENGTH - 1; i++) {
    const octet = bytes[at + i]
    text += octet >= 0x20 && octet <= 0x7e ? String.fromCharCode(octet) : hex(octet)
  }
  return text.replace(/ +$/, '')
}

/** `<1d>` */
function hex(octet: number): string {
  return `<${octet.toString(16).padStart(2, '0')}>`
}

const decoded = new Uint8Array(NAME_LENGTH)

/** What the last octet of the name decoded last says; -1 if that was no name. */
export let lastNameType = -1

/**
 * The name that a first label spells, two letters for each octet (RFC 1001 §14.1), with its last octet; what is wrong
 * with it if it is none. `label` is the whole domain name, its scope included.
 */
export function firstLevelDecoded(label: string): string {
  lastNameType = -1
  const end = label.indexOf('.') < 0 ? label.length : label.indexOf('.')
  let count = 0
  for (let i = 0; i < end; i += 2) {
    const high = label.charCodeAt(i) - 0x41
    if (high < 0 || high > 25) return 'Illegal NetBIOS name (1st character not between A and Z in first-level encoding)'
    if (i + 1 === end) return 'Illegal NetBIOS name (odd number of bytes)'
    const low = label.charCodeAt(i + 1) - 0x41
    if (low < 0 || low > 25) return 'Illegal NetBIOS name (2nd character not between A and Z in first-level encoding)'
    if (count < NAME_LENGTH) decoded[count++] = ((high << 4) | low) & 0xff
  }
  if (count !== NAME_LENGTH) return `Illegal NetBIOS name (${count} bytes long)`
  lastNameType = decoded[NAME_LENGTH - 1]
  return netbiosName(decoded, 0) + hex(lastNameType) + label.slice(end)
}

const TYPES: Record<number, string> = {
  0: 'Workstation/Redirector',
  1: 'Browser',
  2: 'Workstation/Redirector',
  3: 'Messenger service/Main name',
  5: 'Forwarded name',
  6: 'RAS Server service',
  27: 'Domain Master Browser',
  28: 'Domain Controllers',
  29: 'Local Master Browser',
  30: 'Browser Election Service',
  31: 'Net DDE Service',
  32: 'Server service',
  33: 'RAS client service',
  34: 'Exchange Interchange (MSMail Connector)',
  35: 'Exchange Store',
  36: 'Exchange Directory',
  43: 'Lotus Notes Server service',
  48: 'Modem sharing server service',
  49: 'Modem sharing client service',
  67: 'SMS Clients Remote Control',
  68: 'SMS Administrators Remote Control Tool',
  69: 'SMS Clients Remote Chat',
  70: 'SMS Clients Remote Transfer',
  76: 'DEC Pathworks TCP/IP Service on Windows NT',
  82: 'DEC Pathworks TCP/IP Service on Windows NT',
  106: 'Microsoft Exchange IMC',
  135: 'Microsoft Exchange MTA',
  190: 'Network Monitor Agent',
  191: 'Network Monitor Analyzer',
}

/** What has a name of that type. */
export function nameTypeText(type: number): string {
  return TYPES[type] ?? 'Unknown'
}
