/** Bitcoin's network and those that copied it (developer reference, "Message Headers"): magic, command (12), length (4), checksum. */
import { read32, read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 24
const COMMAND = 4
const COMMAND_LENGTH = 12
const LENGTH = 16
/** "MAX_SIZE": nobody reads more. */
const MAX_LENGTH = 0x0200_0000

/** Hot: letters and digits, and octets 0 up to the end. */
function isCommand(bytes: Uint8Array, at: number): boolean {
  let i = 0
  while (i < COMMAND_LENGTH && isCommandOctet(bytes[at + i])) i++
  if (i < 2) return false
  while (i < COMMAND_LENGTH && bytes[at + i] === 0) i++
  return i === COMMAND_LENGTH
}

/** Hot. */
function isCommandOctet(octet: number): boolean {
  return (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x30 && octet <= 0x39)
}

function chain(name: string, title: string, magics: readonly number[]): Signature {
  return {
    name,
    title,
    transport: 'tcp',
    evidence: 'magic number and command of a message',
    begins: [...new Set(magics.map((magic) => magic >>> 24))],
    matches: ({ bytes, at, end }) =>
      end - at >= HEADER &&
      magics.includes(read32(bytes, at)) &&
      isCommand(bytes, at + COMMAND) &&
      read32le(bytes, at + LENGTH) <= MAX_LENGTH,
  }
}

/** The main network, testnet 3 and 4, signet, regtest. */
export const bitcoin = chain(
  'bitcoin',
  'Bitcoin protocol',
  [0xf9beb4d9, 0x0b110907, 0x1c163f28, 0x0a03cf40, 0xfabfb5da],
)

export const bitcoinCash = chain('bitcoin-cash', 'Bitcoin Cash protocol', [0xe3e1f3e8, 0xf4e5f3f4])
export const litecoin = chain('litecoin', 'Litecoin protocol', [0xfbc0b6db, 0xfdd2c8f1])
export const dogecoin = chain('dogecoin', 'Dogecoin protocol', [0xc0c0c0c0, 0xfcc1b7dc])
export const dash = chain('dash', 'Dash protocol', [0xbf0c6bbd, 0xcee2caff])
export const zcash = chain('zcash', 'Zcash protocol', [0x24e92764, 0xfa1af9bf])
