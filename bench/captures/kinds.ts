/** What the captures hold. Each is written by one function from a seed, so it is the same on every machine. */
import { ACK, arp, echo, type Host, ICMP, ICMPV6, ip, isIpv6, type Path, TCP, tcp } from './headers.ts'
import * as say from './payloads.ts'
import { Random } from './random.ts'
import { Connection, datagram, interleave, type Talk } from './talk.ts'
import type { CaptureWriter } from './writer.ts'

function hostV4(network: number, number: number): Host {
  const address = Buffer.alloc(4)
  address.writeUInt32BE(network + number)
  return { mac: mac(number), address }
}

/** 2001:db8::/32, RFC 3849. */
function hostV6(number: number): Host {
  const address = Buffer.alloc(16)
  address.writeUInt32BE(0x2001_0db8, 0)
  address.writeUInt32BE(number + 1, 12)
  return { mac: mac(number), address }
}

/** Locally administered (IEEE 802 §8.4). */
function mac(number: number): Buffer {
  const octets = Buffer.from([2, 0, 0, 0, 0, 0])
  octets.writeUInt32BE(number, 2)
  return octets
}

/** In pcap; a pcapng of the same packets is longer. */
const RECORD_HEADER_LENGTH = 16

const CLIENTS = 0x0a00_0000 // 10.0.0.0/8, RFC 1918
const SERVERS = 0xc612_0000 // 198.18.0.0/15, RFC 2544 appendix C.2.2

/** `count` segments without data, 60 octets each, of `flows` flows in no order: what a packet costs dominates. */
export function smallPackets(writer: CaptureWriter, count: number, flows = 30_000): void {
  const random = new Random(1)
  const frames: Buffer[] = []
  for (let index = 0; index < count; index++) {
    const flow = random.below(flows)
    const forward = random.onceIn(2)
    const which = flow * 2 + (forward ? 1 : 0)
    frames[which] ??= bareSegment(flow, forward)
    const frame = Buffer.from(frames[which])
    // The acknowledgments of a flow go on, so that no segment is a copy of another.
    put(frame, IDENTIFICATION, index & 0xffff, IP_CHECKSUM)
    put(frame, ACKNOWLEDGMENT, index >>> 16, TCP_CHECKSUM)
    put(frame, ACKNOWLEDGMENT + 2, index & 0xffff, TCP_CHECKSUM)
    writer.packet(index * 10, frame)
  }
}

// In a frame without VLAN tag and IP options.
const IDENTIFICATION = 18
const IP_CHECKSUM = 24
const ACKNOWLEDGMENT = 42
const TCP_CHECKSUM = 50

/** Writes a word where 0 was, and sets the checksum right (RFC 1624 §3): anew for each packet takes several times as long. */
function put(frame: Buffer, at: number, word: number, checksumAt: number): void {
  frame.writeUInt16BE(word, at)
  const total = (~frame.readUInt16BE(checksumAt) & 0xffff) + word
  frame.writeUInt16BE(~((total & 0xffff) + (total >>> 16)) & 0xffff, checksumAt)
}

/** Of a flow of small packets; its identification and its acknowledgment are 0. */
function bareSegment(flow: number, forward: boolean): Buffer {
  const ports = [80, 443, 111, 3389, 22, 8080]
  const path = { client: hostV4(CLIENTS, flow % 5000), server: hostV4(SERVERS, (flow * 7) % 20_000), vlan: 0 }
  const [own, other] = [1024 + flow, ports[flow % ports.length]]
  const [sourcePort, destinationPort] = forward ? [own, other] : [other, own]
  const numbers = { sequence: flow, acknowledgment: 0, flags: ACK, window: 501 }
  const [options, payload] = [Buffer.alloc(0), Buffer.alloc(0)]
  return ip(path, forward, TCP, tcp(path, { sourcePort, destinationPort, ...numbers, options, payload }), 0)
}

/** `count` TCP connections, 10 or 11 packets each: handshakes, and a table of streams that grows. */
export function connections(writer: CaptureWriter, count: number): void {
  const random = new Random(2)
  let index = 0
  const next = (): Talk | null => {
    if (index === count) return null
    const number = index++
    const path = { client: hostV4(CLIENTS, number % 60_000), server: hostV4(SERVERS, number % 997), vlan: 0 }
    return exchange(random, path, number % 3 === 0 ? 80 : 443)
  }
  interleave(random, next, (at, frame) => {
    writer.packet(at, frame)
    return false
  })
}

function* exchange(random: Random, path: Path, port: number): Talk {
  const connection = new Connection(random, path, port)
  yield* connection.open()
  yield* connection.send(true, random.octets(100))
  yield* connection.send(false, random.octets(300))
  yield* connection.close()
}

/** About `bytes` octets of what a network of a few thousand hosts carries. */
export function mixture(writer: CaptureWriter, bytes: number): void {
  const random = new Random(3)
  let written = 0
  interleave(
    random,
    () => conversation(random),
    (at, frame) => {
      writer.packet(at, frame)
      written += RECORD_HEADER_LENGTH + frame.length
      return written >= bytes
    },
  )
}

function pathOf(random: Random): Path {
  const vlan = random.onceIn(8) ? random.between(10, 14) : 0
  const [client, server] = [random.below(3000), 10_000 + random.below(700)]
  return random.onceIn(4)
    ? { client: hostV6(client), server: hostV6(server), vlan }
    : { client: hostV4(CLIENTS, client + 1), server: hostV4(SERVERS, server), vlan }
}

function conversation(random: Random): Talk {
  const path = pathOf(random)
  const share = random.below(100)
  if (share < 36) return lookUp(random, path)
  if (share < 64) return tls(random, path)
  if (share < 78) return http(random, path)
  if (share < 84) return time(random, path)
  if (share < 89) return ping(random, path)
  if (share < 93) return call(random, path)
  return share < 96 ? ssh(random, path) : ask(path)
}

function* lookUp(random: Random, path: Path): Talk {
  const ports = [random.between(32_768, 60_999), 53] as const
  const question = say.dnsQuestion(random)
  yield* datagram(random, path, true, ports, say.dnsQuery(question))
  yield* datagram(random, path, false, ports, say.dnsResponse(random, question))
}

/** Most transfers are short and a few are long. */
function transferLength(random: Random): number {
  return random.onceIn(25) ? random.between(200_000, 1_500_000) : random.between(500, 40_000)
}

function* tls(random: Random, path: Path): Talk {
  const connection = new Connection(random, path, 443)
  yield* connection.open()
  yield* connection.send(true, say.tlsClientHello(random, say.hostName(random)))
  yield* connection.send(false, say.tlsServerHello(random))
  for (let requests = random.between(1, 4); requests > 0; requests--) {
    yield* connection.send(true, say.tlsData(random, random.between(80, 600)))
    yield* connection.send(false, say.tlsData(random, transferLength(random)))
  }
  yield* connection.close()
}

function* http(random: Random, path: Path): Talk {
  const connection = new Connection(random, path, random.onceIn(5) ? 8080 : 80)
  const host = say.hostName(random)
  yield* connection.open()
  for (let requests = random.between(1, 5); requests > 0; requests--) {
    yield* connection.send(true, say.httpRequest(random, host))
    yield* connection.send(false, say.httpResponse(random, transferLength(random)))
  }
  yield* connection.close()
}

function* ssh(random: Random, path: Path): Talk {
  const connection = new Connection(random, path, 22)
  yield* connection.open()
  yield* connection.send(true, say.sshBanner('Bench_1.0'))
  yield* connection.send(false, say.sshBanner('Bench_1.1'))
  yield* connection.send(true, say.sshKeyExchangeInit(random))
  yield* connection.send(false, say.sshKeyExchangeInit(random))
  for (let keys = random.between(10, 120); keys > 0; keys--) {
    yield* connection.send(true, random.octets(36))
    yield* connection.send(false, random.octets(random.between(36, 500)))
  }
  yield* connection.close()
}

function* time(random: Random, path: Path): Talk {
  const ports = [123, 123] as const
  yield* datagram(random, path, true, ports, say.ntp(random, 3))
  yield* datagram(random, path, false, ports, say.ntp(random, 4))
}

function* ping(random: Random, path: Path): Talk {
  const protocol = isIpv6(path) ? ICMPV6 : ICMP
  const identifier = random.below(0x1_0000)
  const data = random.octets(56)
  for (let sequence = 1; sequence <= 5; sequence++)
    for (const forward of [true, false])
      yield {
        wait: 9000,
        frame: ip(path, forward, protocol, echo(path, forward, identifier, sequence, data), sequence),
      }
}

/** Sound in both directions. */
function* call(random: Random, path: Path): Talk {
  const ports = [random.between(16_384, 32_766) & ~1, random.between(16_384, 32_766) & ~1] as const
  const sources = [random.next(), random.next()]
  for (let sequence = 0, end = random.between(50, 400); sequence < end; sequence++) {
    yield* datagram(random, path, true, ports, say.rtp(random, sequence, sources[0]))
    yield* datagram(random, path, false, ports, say.rtp(random, sequence, sources[1]))
  }
}

function* ask(path: Path): Talk {
  if (isIpv6(path)) return
  yield { wait: 0, frame: arp(path, true) }
  yield { wait: 300, frame: arp(path, false) }
}
