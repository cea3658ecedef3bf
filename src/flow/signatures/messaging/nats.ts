/** NATS: its documentation, "Client Protocol". */
import { isOneLineOf, lineLength, mentionsOneOf } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const NATS_PORT = 4222
const INFO = 'INFO {'
const CONNECTS = ['CONNECT {', 'CONNECT  {']
const SERVER_KEYS = ['"server_id"', '"max_payload"']
const CLIENT_KEYS = ['"verbose"', '"pedantic"', '"tls_required"']
const SHARED_LINES = ['ping', 'pong', '+ok']
const SHARED_COMMANDS = ['SUB ', 'PUB ', 'MSG ', 'UNSUB ', 'HPUB ', 'HMSG ', "-ERR '"]

/** Wireshark has had no name for it until version 4.4, which has this one. */
export const nats: Signature = {
  name: 'nats',
  title: 'NATS',
  transport: 'tcp',
  evidence: 'INFO or CONNECT of NATS',
  begins: firstOctets([INFO, ...CONNECTS, ...SHARED_COMMANDS, 'PING', '+OK']),
  matches: (payload) => {
    if (payload.startsWith(INFO)) return mentionsOneOf(payload, SERVER_KEYS)
    for (const connect of CONNECTS) if (payload.startsWith(connect)) return mentionsOneOf(payload, CLIENT_KEYS)
    return payload.hasPort(NATS_PORT) && isShared(payload)
  },
}

/** Hot. */
function isShared(payload: Payload): boolean {
  if (isOneLineOf(payload, SHARED_LINES)) return true
  if (lineLength(payload) < 5) return false
  for (const command of SHARED_COMMANDS) if (payload.startsWith(command)) return true
  return false
}
