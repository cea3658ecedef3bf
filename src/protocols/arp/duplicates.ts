/**
 * IPv4 addresses that two hosts claim: Wireshark keeps, for each address that an ARP request or reply binds to a MAC address,
 * the first such MAC address, and when it was last seen with it. What says otherwise is a duplicate.
 */
import { read16, read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'

/** Addresses kept at most; further ones are not watched. */
const MAX_ADDRESSES = 65_536

/** A packet has two claims at most: the sender's, and in a reply the target's. */
const MAX_FOUND = 2

interface Claim {
  /** The MAC address: two octets, and four. */
  readonly high: number
  readonly low: number
  number: number
  seconds: number
}

/** What is known over the packets of a run, and what was found in the last one with ARP. */
class Claims {
  readonly #byAddress = new Map<number, Claim>()
  /** The packet that `found*` belong to, and its layer. */
  number = -1
  layer = -1
  found = 0
  readonly foundNumber = new Float64Array(MAX_FOUND)
  readonly foundSeconds = new Float64Array(MAX_FOUND)

  /** `address` claims to be at the MAC address `at`: true if another one was seen there. */
  claim(packet: Packet, address: number, at: number): boolean {
    const high = read16(packet.bytes, at)
    const low = read32(packet.bytes, at + 2)
    const known = this.#byAddress.get(address)
    if (known === undefined) {
      if (this.#byAddress.size < MAX_ADDRESSES)
        this.#byAddress.set(address, { high, low, number: packet.number, seconds: packet.seconds })
      return false
    }
    if (packet.number <= known.number) return false
    if (known.high === high && known.low === low) {
      known.number = packet.number
      known.seconds = packet.seconds
      return false
    }
    this.foundNumber[this.found] = known.number
    this.foundSeconds[this.found++] = packet.seconds - known.seconds
    return true
  }
}

/** There is one packet object in a run, so it stands for the run. */
const claimsOf = new WeakMap<Packet, Claims>()

function isHost(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] & 1) === 0 && (read16(bytes, at) !== 0 || read32(bytes, at + 2) !== 0)
}

/**
 * Takes note of a request or reply for IPv4 over Ethernet whose addresses begin at `at`, in the layer just entered. Not
 * hot: there are few of them, and what is new is kept.
 */
export function noteClaims(packet: Packet, at: number, isRequest: boolean): void {
  let claims = claimsOf.get(packet)
  if (claims === undefined) {
    claims = new Claims()
    claimsOf.set(packet, claims)
  }
  const { bytes } = packet
  claims.number = packet.number
  claims.layer = packet.layerCount - 1
  claims.found = 0
  const sender = read32(bytes, at + 6)
  const isDuplicate = sender !== 0 && isHost(bytes, at) && claims.claim(packet, sender, at)
  const target = read32(bytes, at + 16)
  // A request says nothing of the target; and of an address that is its own target, once is enough.
  if (isRequest || target === 0 || !isHost(bytes, at + 10) || (isDuplicate && target === sender)) return
  claims.claim(packet, target, at + 10)
}

/** Calls `each` for each duplicate in layer `layer`, with the packet that used the address and the seconds since then. */
export function eachDuplicate(
  packet: Packet,
  layer: number,
  each: (number: number, seconds: number) => boolean,
): boolean {
  const claims = claimsOf.get(packet)
  if (claims === undefined || claims.number !== packet.number || claims.layer !== layer) return false
  for (let i = 0; i < claims.found; i++) if (each(claims.foundNumber[i], claims.foundSeconds[i] >>> 0)) return true
  return false
}
