/**
 * SSH: Secure Shell, RFC 4253: a line that says the version, then packets; in the clear until NEWKEYS.
 *
 *    0               4                5              6  octets
 *  0 | packet length | padding length | message code | ...
 */

import { read32 } from '../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../packet/packet.ts'
import type { Protocol } from '../protocol.ts'
import { beginsWith, octetBefore } from './lines.ts'
import { sshFields } from './ssh-fields.ts'
import { isFromServer, KEXINIT, listText, OPAQUE, PLAIN, SEALED, SSH, sshNotes, VERSION } from './ssh-layers.ts'

const NEWKEYS = 21

/** A packet in the clear claims no more than this; one that does is shown cut. */
const MAX_PACKET = 0xffff

/** Octets of a list that are kept. */
const MAX_LIST = 2048
/** Where the ciphers stand among the lists. */
const CIPHERS = 2

/** The one that Wireshark would decrypt, if it had the keys. */
const SEALING = 'chacha20-poly1305@openssh.com'

class Peer {
  hasVersion = false
  /** Sent NEWKEYS: what follows is encrypted. */
  isEncrypted = false
  /** The ciphers that its KEXINIT offers, from the client and from the server; no more than `MAX_LIST` octets. */
  readonly ciphers: [fromClient: string, fromServer: string] = ['', '']
}

class SshState {
  /** 0 until a peer has said it. */
  version = 0
  readonly peers = [new Peer(), new Peer()]
}

export const ssh: Protocol = {
  id: SSH,
  name: 'ssh',
  title: 'SSH Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': [22, 29418] },
  fields: sshFields,

  /** Hot: one layer for each line or packet; one for all that is encrypted. */
  decode(packet, at) {
    const { bytes } = packet
    const state = stateOf(packet)
    const peer = state.peers[packet.transport < 0 ? 0 : packet.layerDirection[packet.transport]]
    const there = packet.end - at
    if (!peer.hasVersion && beginsWith(bytes, at, packet.end, 'ssh-')) {
      const newline = octetBefore(bytes, 0x0a, at, packet.end)
      const isWhole = newline >= 0
      if (!isWhole && packet.canReassemble) return waitFor(packet, at, ONE_MORE_SEGMENT)
      enter(packet, at, VERSION)
      peer.hasVersion = true
      state.version =
        beginsWith(bytes, at, packet.end, 'ssh-1.') && !beginsWith(bytes, at, packet.end, 'ssh-1.99-') ? 1 : 2
      if (isWhole) packet.endMessage(newline + 1)
    } else if (state.version !== 2 || peer.isEncrypted) {
      enter(packet, at, isSealed(packet, state) ? SEALED : OPAQUE)
    } else {
      if (there < 4) {
        if (packet.canReassemble) return waitFor(packet, at, 4 - there)
        enter(packet, at, OPAQUE)
        return packet.truncated(SSH)
      }
      const length = 4 + read32(bytes, at)
      if (length > there && packet.canReassemble) return waitFor(packet, at, length - there)
      enter(packet, at, PLAIN)
      if (length - 4 < MAX_PACKET) packet.endMessage(at + length)
      if (there > 5 && bytes[at + 5] === NEWKEYS) peer.isEncrypted = true
      else if (there > 5 && bytes[at + 5] === KEXINIT) learnCiphers(packet, at, peer)
    }
    packet.payload = packet.end
    return NONE
  },
}

function learnCiphers(packet: Packet, at: number, peer: Peer): void {
  for (const index of [0, 1])
    peer.ciphers[index] = (listText(packet.bytes, at, packet.end, CIPHERS + index) ?? '').slice(0, MAX_LIST)
}

/** Hot, but for the lists: whether the cipher of this direction is one that Wireshark would decrypt. */
function isSealed(packet: Packet, { peers }: SshState): boolean {
  if (packet.transport < 0 || peers[0].ciphers[0] === '' || peers[1].ciphers[0] === '') return false
  const fromServer = isFromServer(packet)
  const sender = peers[packet.layerDirection[packet.transport]]
  const receiver = peers[1 - packet.layerDirection[packet.transport]]
  const index = fromServer ? 1 : 0
  const ofServer = (fromServer ? sender : receiver).ciphers[index].split(',')
  // RFC 4253 §7.1: the first that the client names and the server has.
  const chosen = (fromServer ? receiver : sender).ciphers[index].split(',').find((cipher) => ofServer.includes(cipher))
  return chosen === SEALING
}

/** Hot. */
function enter(packet: Packet, at: number, kind: number): void {
  packet.enter(SSH, at)
  sshNotes.add(packet, at).kind = kind
}

/** Hot: Wireshark shows the layer also where nothing of it is whole yet. */
function waitFor(packet: Packet, at: number, missing: number): number {
  const last = packet.layerCount - 1
  const isAgain = last >= 0 && packet.layerProtocol[last] === SSH && packet.layerEnd[last] === at
  if (!isAgain) enter(packet, at, 0)
  return packet.incomplete(missing)
}

/** Hot: the state of the packet's conversation, made if it is new. */
function stateOf(packet: Packet): SshState {
  const { conversation } = packet
  let state = conversation?.state.get(SSH) as SshState | undefined
  if (state === undefined) {
    state = new SshState()
    conversation?.state.set(SSH, state)
  }
  return state
}
