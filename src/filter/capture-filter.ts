/**
 * Recognises capture filters (pcap-filter(7): `tcp port 80`, `src host 10.0.0.1`) and writes them as display filters.
 * Only what people type by habit; anything else is undefined, and the display filter's own error stands.
 */

import { servicePort } from './services.ts'

const PROTOCOLS: Record<string, string> = {
  ether: 'eth',
  ip: 'ip',
  ip6: 'ipv6',
  arp: 'arp',
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  icmp6: 'icmpv6',
  igmp: 'igmp',
  sctp: 'sctp',
  vlan: 'vlan',
}

/** The display filter for a capture filter; undefined if `expression` is none, or none that is understood. */
export function translate(expression: string): string | undefined {
  const tokens = expression.match(/&&|\|\||[!()]|[^\s()!&|]+/g) ?? []
  if (tokens.length > 200) return undefined
  const reader = new Reader(tokens)
  const result = reader.or()
  return result !== undefined && reader.done && reader.primitives > 0 ? result : undefined
}

class Reader {
  /** How many qualified primitives there were: `tcp and udp` alone is a display filter, too. */
  primitives = 0
  readonly #tokens: readonly string[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get done(): boolean {
    return this.#next === this.#tokens.length
  }

  or(): string | undefined {
    return this.#chain(['or', '||'], ' || ', () => this.#chain(['and', '&&'], ' && ', () => this.#not()))
  }

  #chain(operators: string[], join: string, term: () => string | undefined): string | undefined {
    const terms: string[] = []
    do {
      const text = term()
      if (text === undefined) return undefined
      terms.push(text)
    } while (this.#take(...operators))
    // An "or" inside an "and" needs parentheses.
    return terms.length === 1
      ? terms[0]
      : terms.map((text) => (join === ' && ' && isOr(text) ? `(${text})` : text)).join(join)
  }

  #not(): string | undefined {
    if (++this.#depth > 50) return undefined
    if (this.#take('not', '!')) {
      const inner = this.#not()
      return inner === undefined ? undefined : inner.startsWith('(') ? `!${inner}` : `!(${inner})`
    }
    if (this.#take('(')) {
      const inner = this.or()
      return inner !== undefined && this.#take(')') ? `(${inner})` : undefined
    }
    return this.#primitive()
  }

  #primitive(): string | undefined {
    const protocol = this.#word(PROTOCOLS)
    if (protocol === 'vlan' && /^\d+$/.test(this.#tokens[this.#next] ?? '')) {
      this.primitives++
      return `vlan.id == ${this.#tokens[this.#next++]}`
    }
    let direction = ''
    if (this.#take('src')) direction = this.#either() ? '' : 'src'
    else if (this.#take('dst')) direction = 'dst'
    const type = ['host', 'net', 'port', 'portrange', 'proto'].find((word) => this.#take(word))
    if (protocol === undefined && direction === '' && type === undefined) return this.#special()
    if (protocol !== undefined && direction === '' && type === undefined) return protocol
    const value = this.#tokens[this.#next++]
    if (value === undefined) return undefined
    this.primitives++
    if (type === 'port' || type === 'portrange') return ports(protocol, direction, value)
    if (type === 'proto')
      return /^\w+$/.test(value)
        ? `${protocol ?? 'ip'}.${protocol === 'ipv6' ? 'nxt' : 'proto'} == ${value}`
        : undefined
    return this.#address(protocol, direction, value)
  }

  /** `src or dst`, `src and dst`: the first says what no direction says. */
  #either(): boolean {
    if (this.#tokens[this.#next] !== 'or' || this.#tokens[this.#next + 1] !== 'dst') return false
    this.#next += 2
    return true
  }

  #special(): string | undefined {
    const word = this.#tokens[this.#next++]
    if (word === 'broadcast' || word === 'multicast') {
      this.primitives++
      return word === 'broadcast' ? 'eth.dst == ff:ff:ff:ff:ff:ff' : 'eth.dst[0] & 1'
    }
    if (word !== 'less' && word !== 'greater') return undefined
    const length = this.#tokens[this.#next++]
    if (length === undefined || !/^\d+$/.test(length)) return undefined
    this.primitives++
    return `frame.len ${word === 'less' ? '<=' : '>='} ${length}`
  }

  #address(protocol: string | undefined, direction: string, value: string): string | undefined {
    if (!/^[\w.:/-]+$/.test(value)) return undefined
    const field = direction === '' ? 'addr' : direction
    if (protocol === 'eth' || /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i.test(value)) return `eth.${field} == ${value}`
    if (value.includes(':')) return `ipv6.${field} == ${value}`
    if (!/^\d+(\.\d+){0,3}(\/\d+)?$/.test(value)) return undefined
    return `ip.${field} == ${network(value)}`
  }

  #word(words: Record<string, string>): string | undefined {
    const word = this.#tokens[this.#next]
    if (word === undefined || !Object.hasOwn(words, word)) return undefined
    this.#next++
    return words[word]
  }

  #take(...words: string[]): boolean {
    if (this.done || !words.includes(this.#tokens[this.#next])) return false
    this.#next++
    return true
  }
}

/** `80`, `http`, `8000-8100`; the name of a service may hold a minus sign. */
function portRange(value: string): (string | number)[] {
  const service = servicePort(value)
  return service === undefined ? value.split('-').map((port) => servicePort(port) ?? port) : [service]
}

function ports(protocol: string | undefined, direction: string, value: string): string | undefined {
  const [from, to, ...more] = portRange(value)
  if (more.length > 0 || ![from, to ?? 0].every((port) => /^\d+$/.test(String(port)))) return undefined
  const field = direction === '' ? 'port' : `${direction}port`
  const test = to === undefined ? `== ${from}` : `in {${from}..${to}}`
  const transports = protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' ? [protocol] : ['tcp', 'udp']
  return transports.map((transport) => `${transport}.${field} ${test}`).join(' || ')
}

/** `net 10` and `net 192.168` name the network by its first octets. */
function network(value: string): string {
  const [address, bits] = value.split('/')
  const octets = address.split('.')
  if (octets.length === 4) return value
  return `${[...octets, 0, 0, 0].slice(0, 4).join('.')}/${bits ?? 8 * octets.length}`
}

/** Whether an "or" stands outside all parentheses. */
function isOr(text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')') depth--
    else if (depth === 0 && text.startsWith('||', i)) return true
  }
  return false
}
