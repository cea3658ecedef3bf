/** Frames as hosts send them: Ethernet, 802.1Q, IPv4, IPv6, TCP, UDP, ICMP and ARP, with right lengths and checksums. */

export interface Host {
  readonly mac: Buffer
  /** 4 octets or 16; those of a path have one length. */
  readonly address: Buffer
}

/** Two hosts, and the link that the capture is taken on. */
export interface Path {
  readonly client: Host
  readonly server: Host
  /** IEEE 802.1Q VLAN identifier; 0 for an untagged link. */
  readonly vlan: number
}

// IANA "Assigned Internet Protocol Numbers".
export const ICMP = 1
export const TCP = 6
export const UDP = 17
const IPV6_FRAGMENT = 44
export const ICMPV6 = 58

// RFC 9293 §3.1.
export const FIN = 0x01
export const SYN = 0x02
export const PUSH = 0x08
export const ACK = 0x10

const ETHERNET_MINIMUM = 60 // IEEE 802.3 without the frame check sequence
const MTU = 1500

export function isIpv6(path: Path): boolean {
  return path.client.address.length === 16
}

/** RFC 1071 §1: the sum of 16-bit words, not yet folded. */
function sum(octets: Buffer, start = 0): number {
  let total = start
  const even = octets.length & ~1
  for (let at = 0; at < even; at += 2) total += (octets[at] << 8) | octets[at + 1]
  return even === octets.length ? total : total + (octets[even] << 8)
}

/** RFC 1071 §1: folded to 16 bits, and its complement. */
export function checksum(octets: Buffer, start = 0): number {
  let total = sum(octets, start)
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x1_0000)
  return ~total & 0xffff
}

/** What the pseudo-header adds: RFC 9293 §3.1 over IPv4, RFC 8200 §8.1 over IPv6. */
function pseudoHeader(path: Path, protocol: number, length: number): number {
  return sum(path.client.address) + sum(path.server.address) + protocol + length
}

/** IEEE 802.3, and 802.1Q §9.6 for the tag; padded to the shortest frame. */
function ethernet(path: Path, forward: boolean, type: number, payload: readonly Buffer[]): Buffer {
  const [from, to] = forward ? [path.client, path.server] : [path.server, path.client]
  const header = path.vlan === 0 ? 14 : 18
  const length = payload.reduce((total, part) => total + part.length, header)
  const frame = Buffer.alloc(Math.max(length, ETHERNET_MINIMUM))
  to.mac.copy(frame, 0)
  from.mac.copy(frame, 6)
  if (path.vlan !== 0) {
    frame.writeUInt16BE(0x8100, 12)
    frame.writeUInt16BE(path.vlan, 14)
  }
  frame.writeUInt16BE(type, header - 2)
  let at = header
  for (const part of payload) at += part.copy(frame, at)
  return frame
}

/** RFC 791 §3.1; `offset` is that of a fragment, in octets. */
function ipv4(path: Path, forward: boolean, protocol: number, payload: Buffer, id: number, offset = 0, more = false) {
  const [from, to] = forward ? [path.client, path.server] : [path.server, path.client]
  const header = Buffer.alloc(20)
  header[0] = 0x45
  header.writeUInt16BE(header.length + payload.length, 2)
  header.writeUInt16BE(id & 0xffff, 4)
  header.writeUInt16BE((offset >>> 3) | (more ? 0x2000 : offset === 0 ? 0x4000 : 0), 6)
  header[8] = forward ? 64 : 57
  header[9] = protocol
  from.address.copy(header, 12)
  to.address.copy(header, 16)
  header.writeUInt16BE(checksum(header), 10)
  return ethernet(path, forward, 0x0800, [header, payload])
}

/** RFC 8200 §3. */
function ipv6(path: Path, forward: boolean, next: number, payload: Buffer): Buffer {
  const [from, to] = forward ? [path.client, path.server] : [path.server, path.client]
  const header = Buffer.alloc(40)
  header[0] = 0x60
  header.writeUInt16BE(payload.length, 4)
  header[6] = next
  header[7] = forward ? 64 : 57
  from.address.copy(header, 8)
  to.address.copy(header, 24)
  return ethernet(path, forward, 0x86dd, [header, payload])
}

/** One frame; `payload` must fit into it. `id` is the identification of IPv4. */
export function ip(path: Path, forward: boolean, protocol: number, payload: Buffer, id: number): Buffer {
  return isIpv6(path) ? ipv6(path, forward, protocol, payload) : ipv4(path, forward, protocol, payload, id)
}

/** As many frames as the MTU asks for: RFC 791 §3.2, RFC 8200 §4.5. */
export function fragments(path: Path, forward: boolean, protocol: number, payload: Buffer, id: number): Buffer[] {
  const six = isIpv6(path)
  const step = (MTU - (six ? 48 : 20)) & ~7
  const frames: Buffer[] = []
  for (let offset = 0; offset < payload.length; offset += step) {
    const part = payload.subarray(offset, offset + step)
    const more = offset + step < payload.length
    if (!six) {
      frames.push(ipv4(path, forward, protocol, part, id, offset, more))
      continue
    }
    const header = Buffer.alloc(8)
    header[0] = protocol
    header.writeUInt16BE(offset | (more ? 1 : 0), 2)
    header.writeUInt32BE(id >>> 0, 4)
    frames.push(ipv6(path, forward, IPV6_FRAGMENT, Buffer.concat([header, part])))
  }
  return frames
}

export interface Segment {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  readonly acknowledgment: number
  readonly flags: number
  readonly window: number
  /** A multiple of four octets. */
  readonly options: Buffer
  readonly payload: Buffer
}

/** RFC 9293 §3.1. */
export function tcp(path: Path, segment: Segment): Buffer {
  const { options, payload } = segment
  const octets = Buffer.alloc(20 + options.length + payload.length)
  octets.writeUInt16BE(segment.sourcePort, 0)
  octets.writeUInt16BE(segment.destinationPort, 2)
  octets.writeUInt32BE(segment.sequence >>> 0, 4)
  octets.writeUInt32BE(segment.acknowledgment >>> 0, 8)
  octets[12] = ((20 + options.length) / 4) << 4
  octets[13] = segment.flags
  octets.writeUInt16BE(segment.window, 14)
  options.copy(octets, 20)
  payload.copy(octets, 20 + options.length)
  octets.writeUInt16BE(checksum(octets, pseudoHeader(path, TCP, octets.length)), 16)
  return octets
}

/** RFC 768. */
export function udp(path: Path, sourcePort: number, destinationPort: number, payload: Buffer): Buffer {
  const octets = Buffer.alloc(8 + payload.length)
  octets.writeUInt16BE(sourcePort, 0)
  octets.writeUInt16BE(destinationPort, 2)
  octets.writeUInt16BE(octets.length, 4)
  payload.copy(octets, 8)
  // A checksum of 0 would say that there is none.
  octets.writeUInt16BE(checksum(octets, pseudoHeader(path, UDP, octets.length)) || 0xffff, 6)
  return octets
}

/** Echo request or reply: RFC 792 "Echo or Echo Reply Message", RFC 4443 §4.1 and §4.2. */
export function echo(path: Path, forward: boolean, identifier: number, sequence: number, payload: Buffer): Buffer {
  const six = isIpv6(path)
  const octets = Buffer.alloc(8 + payload.length)
  octets[0] = six ? (forward ? 128 : 129) : forward ? 8 : 0
  octets.writeUInt16BE(identifier, 4)
  octets.writeUInt16BE(sequence, 6)
  payload.copy(octets, 8)
  octets.writeUInt16BE(checksum(octets, six ? pseudoHeader(path, ICMPV6, octets.length) : 0), 2)
  return octets
}

/** A request for the server's hardware address, or the reply to it: RFC 826 "Packet format". */
export function arp(path: Path, request: boolean): Buffer {
  const [from, to] = request ? [path.client, path.server] : [path.server, path.client]
  const octets = Buffer.alloc(28)
  octets.writeUInt16BE(1, 0)
  octets.writeUInt16BE(0x0800, 2)
  octets[4] = 6
  octets[5] = 4
  octets.writeUInt16BE(request ? 1 : 2, 6)
  from.mac.copy(octets, 8)
  from.address.copy(octets, 14)
  if (!request) to.mac.copy(octets, 18)
  to.address.copy(octets, 24)
  return ethernet(path, request, 0x0806, [octets])
}
