/** Quake III Arena and the games built on it: messages outside of a connection are four octets 0xff and a word. */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const OUT_OF_BAND = 0xffff_ffff
const WORDS = [
  'getstatus',
  'statusResponse\n',
  'getinfo',
  'infoResponse\n',
  'getchallenge',
  'challengeResponse ',
  'connect "',
  'connectResponse',
  'getservers ',
  'getserversExt ',
  'getserversResponse',
  'getKeyAuthorize ',
  'ipAuthorize ',
  'heartbeat QuakeArena-1\n',
]

export const quake3: Signature = {
  name: 'quake3',
  title: 'Quake III Arena Network Protocol',
  transport: 'udp',
  evidence: 'word of a message outside of a connection',
  begins: [0xff],
  matches: (payload) => {
    if (payload.end - payload.at < 4 || read32(payload.bytes, payload.at) !== OUT_OF_BAND) return false
    for (const word of WORDS) if (payload.startsWith(word, 4)) return true
    return false
  },
}
