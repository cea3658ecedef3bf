/** STOMP: STOMP 1.2, "STOMP Frames", "Connecting", "Client Frames", "Server Frames". */
import { lineLength } from '../mail/line.ts'
import { firstOctets, type Signature } from '../signature.ts'

/** A frame's command, then one of the headers that it comes with. */
const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['CONNECT', ['\naccept-version:', '\nlogin:', '\nhost:']],
  ['STOMP', ['\naccept-version:', '\nhost:']],
  ['CONNECTED', ['\nversion:', '\nsession:']],
  ['SEND', ['\ndestination:']],
  ['SUBSCRIBE', ['\ndestination:']],
  ['MESSAGE', ['\nmessage-id:']],
  ['RECEIPT', ['\nreceipt-id:']],
  ['ERROR', ['\nmessage:']],
]

/** Wireshark has no name for it. */
export const stomp: Signature = {
  name: 'stomp',
  title: 'Streaming Text Oriented Messaging Protocol',
  transport: 'tcp',
  evidence: 'frame of STOMP with its header',
  begins: firstOctets(COMMANDS.map(([command]) => command)),
  matches: (payload) => {
    const length = lineLength(payload)
    for (const [command, headers] of COMMANDS) {
      if (length !== command.length || !payload.startsWith(command)) continue
      for (const header of headers) if (payload.indexOf(header, command.length) > 0) return true
    }
    return false
  },
}
