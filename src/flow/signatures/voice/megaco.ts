/** Megaco (H.248.1): the text encoding, RFC 3525 annex B.2 ("megacoMessage"). */
import { firstOctets, type Signature } from '../signature.ts'

/** The long and the short token, then version and the sender: an address, or a name in angle brackets, or another device's. */
const TOKENS = ['MEGACO/', '!/']
const SPACES = [0x20, 0x09, 0x0d, 0x0a]
const SENDERS = [0x5b, 0x3c]
const MAX_SPACES = 8

export const megaco: Signature = {
  name: 'megaco',
  title: 'MEGACO',
  transport: 'both',
  evidence: 'header "MEGACO/" or "!/" with a version and a sender',
  begins: firstOctets(TOKENS),
  matches: (payload) => {
    const { bytes, at, end } = payload
    for (const token of TOKENS) {
      if (!payload.startsWith(token)) continue
      const version = at + token.length
      if (version >= end || bytes[version] < 0x31 || bytes[version] > 0x33) return false
      let sender = version + 1
      while (sender < end && sender <= version + MAX_SPACES && SPACES.includes(bytes[sender])) sender++
      return sender > version + 1 && sender < end && SENDERS.includes(bytes[sender])
    }
    return false
  },
}
