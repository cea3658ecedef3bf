/** Protocols that an HTTP connection can change to (Wireshark's table `http.upgrade`). */
import { NONE } from '../../../packet/packet.ts'
import { beginsWith } from '../lines.ts'
import { WEBSOCKET } from '../websocket.ts'

/** Hot: the protocol that the Upgrade header's value from `at` to `end` names; `NONE` if it is not known. */
export function upgradeProtocol(bytes: Uint8Array, at: number, end: number): number {
  return beginsWith(bytes, at, end, 'websocket') ? WEBSOCKET : NONE
}
