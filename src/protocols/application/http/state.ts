/** What is known across the messages of an HTTP connection, and what of that the fields of a packet's layers show. */
import type { Packet } from '../../../packet/packet.ts'
import { LayerNotes } from '../layer-notes.ts'

/** A request and the response to it. */
export interface Exchange {
  readonly number: number
  /** Frames; 0 if not seen. */
  request: number
  response: number
  /** Of the request. */
  seconds: number
  nanoseconds: number
  readonly previous: Exchange | null
}

export class HttpState {
  /** Of the last request; empty before one. */
  method = ''
  /** The target of the last request; null before one. Seeing one makes everything on the connection HTTP. */
  target: string | null = null
  /** The same with its host, as Wireshark's `http.request.full_uri`. */
  fullUri = ''
  /** Of the last response. */
  status = 0
  /** The response said that another protocol follows. */
  isUpgraded = false
  /** That protocol; `NONE` if it is not known. */
  upgradedTo = 0
  last: Exchange | null = null

  addRequest(packet: Packet): Exchange {
    const exchange = this.#add()
    exchange.request = packet.number
    exchange.seconds = packet.seconds
    exchange.nanoseconds = packet.nanoseconds
    return exchange
  }

  /** Responses are counted with the last request, unless that has one. */
  addResponse(packet: Packet): Exchange {
    const exchange = this.last === null || this.last.response !== 0 ? this.#add() : this.last
    exchange.response = packet.number
    return exchange
  }

  #add(): Exchange {
    const last = this.last
    // Only the one before is ever asked for: no chain grows.
    const previous = last === null ? null : { ...last, previous: null }
    this.last = { number: (last?.number ?? 0) + 1, request: 0, response: 0, seconds: 0, nanoseconds: 0, previous }
    return this.last
  }
}

/** What the fields of a layer need of other messages. */
export interface HttpNote {
  /** Of the message; null if it is in none. */
  exchange: Exchange | null
  /** The target that a response is for. */
  target: string
  /** Where a tunnel through a proxy leads; empty if the layer is a message. */
  tunnel: string
  /** The octets end within a header. */
  isCut: boolean
}

export const httpNotes = new LayerNotes<HttpNote>(() => ({ exchange: null, target: '', tunnel: '', isCut: false }))

/** A request target with its host: Wireshark's `http.request.full_uri`. */
export function fullUri(method: string, target: string, host: string): string {
  if (/^https?:\/\//i.test(target) || method === 'CONNECT') return target
  return `http://${host.trim()}${target}`
}
