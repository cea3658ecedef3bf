/** Exchanges for tests of application protocols: what two hosts send each other, decoded packet by packet. */
import { Dissection } from '../../../src/flow/dissection.ts'
import { StreamTracker } from '../../../src/flow/streams.ts'
import type { Packet } from '../../../src/packet/packet.ts'
import { octets, packetOf, stackOf } from '../../support/packet.ts'

/** LINKTYPE_IPV4. */
const LINK_TYPE = 228

const CLIENT = 'c0000201'
const SERVER = 'c0000202'

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

function bytesOf(payload: Uint8Array | string): string {
  return Buffer.from(typeof payload === 'string' ? octets(payload) : payload).toString('hex')
}

/** A conversation between a client's port and a server's: each call hands one more packet's payload over (hexadecimal, or octets). */
export class Exchange {
  readonly #transport: 'tcp' | 'udp'
  readonly #clientPort: number
  readonly #serverPort: number
  readonly #streams = new StreamTracker()
  readonly #dissection = new Dissection(this.#streams)
  readonly #next = { client: 1000, server: 5000 }
  #number = 0

  constructor(transport: 'tcp' | 'udp', serverPort: number, clientPort = 40_000) {
    this.#transport = transport
    this.#clientPort = clientPort
    this.#serverPort = serverPort
    if (transport === 'tcp') {
      this.#segment('client', '', 0x02)
      this.#segment('server', '', 0x12)
    }
  }

  client(payload: Uint8Array | string): Packet {
    return this.#send('client', bytesOf(payload))
  }

  server(payload: Uint8Array | string): Packet {
    return this.#send('server', bytesOf(payload))
  }

  #send(from: 'client' | 'server', payload: string): Packet {
    if (this.#transport === 'tcp') return this.#segment(from, payload, 0x18)
    const header = `${this.#ports(from)}${hex(8 + payload.length / 2, 4)}0000`
    return this.#packet(from, 17, header + payload)
  }

  #segment(from: 'client' | 'server', payload: string, flags: number): Packet {
    const other = from === 'client' ? 'server' : 'client'
    const numbers = hex(this.#next[from], 8) + hex((flags & 0x10) === 0 ? 0 : this.#next[other], 8)
    this.#next[from] += payload.length / 2 + (flags & 0x02) / 2
    return this.#packet(from, 6, `${this.#ports(from)}${numbers}50${hex(flags, 2)}ffff00000000${payload}`)
  }

  #ports(from: 'client' | 'server'): string {
    const client = hex(this.#clientPort, 4)
    const server = hex(this.#serverPort, 4)
    return from === 'client' ? client + server : server + client
  }

  #packet(from: 'client' | 'server', protocol: number, transport: string): Packet {
    const addresses = from === 'client' ? CLIENT + SERVER : SERVER + CLIENT
    const total = hex(20 + transport.length / 2, 4)
    const packet = packetOf(LINK_TYPE, `4500${total}0001000040${hex(protocol, 2)}0000${addresses}${transport}`)
    packet.number = ++this.#number
    this.#streams.track(packet)
    this.#dissection.dissect(packet)
    return packet
  }
}

/** The layers above the transport layer, as `frame.protocols` names them. */
export function applicationsOf(packet: Packet): string {
  return stackOf(packet).replace(/^ip:(tcp|udp):?/, '')
}

/** Text as octets. */
export function text(value: string): Uint8Array {
  return Buffer.from(value, 'latin1')
}
