/** Dropbox's search for other computers in the local network: an object in JSON, sent to port 17500. */
import { firstOctets, type Signature } from '../signature.ts'

const FIRST_KEY = '{"host_int":'
const KEYS = ['"version":', '"displayname":', '"port":', '"namespaces":']

export const dropboxDiscovery: Signature = {
  name: 'db-lsp-disc',
  title: 'Dropbox LAN sync Discovery Protocol',
  transport: 'udp',
  evidence: 'object with "host_int" and "version"',
  begins: firstOctets([FIRST_KEY]),
  matches: (payload) => {
    if (!payload.startsWith(FIRST_KEY)) return false
    let found = 0
    for (const key of KEYS) if (payload.indexOf(key) > 0) found++
    // The namespaces come last and are many: what is looked at may end before them.
    return found >= 3
  },
}
