/** Good messages of every protocol, from `messages.txt`: what hostile ones are made of. */
import { readFileSync } from 'node:fs'
import { programs } from '../../src/protocols/application/rpc/programs.ts'
import { protocols } from '../../src/protocols/index.ts'
import type { Protocol } from '../../src/protocols/protocol.ts'
import { type Carrier, links, transports } from './carriers.ts'
import { octets } from './packet.ts'

export interface Message {
  readonly protocol: Protocol
  /** What carries it: TCP, UDP, or anything below. */
  readonly over: 'tcp' | 'udp' | '-'
  /** Of the server; 0 if it does not matter. */
  readonly port: number
  readonly octets: Uint8Array
  /** Written out for it; of others nothing is known but the name. */
  readonly isGood: boolean
}

/** Nothing is known of their content, so any octets are a message. */
const ANY = octets('01020304 05060708 00000000 ffffffff 41424344')

function read(): Message[] {
  const lines = readFileSync(new URL('messages.txt', import.meta.url), 'utf8').split('\n')
  const messages: Message[] = []
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue
    const [name, over, port, hex] = line.split(' ')
    const protocol = protocols.find((each) => each.name === name)
    if (protocol === undefined) throw new Error(`messages.txt: no protocol ${name}`)
    messages.push({ protocol, over: over as Message['over'], port: Number(port), octets: octets(hex), isGood: true })
  }
  const rpc = protocols.find(({ name }) => name === 'rpc') as Protocol
  for (const { number, versions } of programs)
    messages.push({
      protocol: rpc,
      over: 'udp',
      port: 111,
      octets: call(number, Number(Object.keys(versions)[0])),
      isGood: true,
    })
  const known = new Set(messages.map(({ protocol }) => protocol))
  for (const protocol of protocols) if (!known.has(protocol)) messages.push(unknown(protocol))
  return messages
}

/** RFC 5531 §9: a call of the procedure that does nothing, without credentials. */
function call(program: number, version: number): Uint8Array {
  const word = (value: number): string => value.toString(16).padStart(8, '0')
  return octets([0x11223344, 0, 2, program, version, 0, 0, 0, 0, 0].map(word).join(''))
}

function unknown(protocol: Protocol): Message {
  const { carriedBy = {} } = protocol
  const [over, ports] =
    carriedBy['tcp.application'] !== undefined
      ? (['tcp', carriedBy['tcp.application']] as const)
      : (['udp', carriedBy['udp.application'] ?? 0] as const)
  const isApplication = protocol.need === 'dissection'
  return { protocol, over: isApplication ? over : '-', port: [ports].flat()[0], octets: ANY, isGood: false }
}

/** Each protocol has at least one. */
export const messages: readonly Message[] = read()

/** By protocol number. */
export const messagesOf: ReadonlyMap<number, readonly Message[]> = new Map(
  protocols.map((protocol) => [protocol.id, messages.filter((message) => message.protocol === protocol)]),
)

/** What carries the message, which `choice` picks; the first is the most likely. */
export function carrierOf({ over, port }: Message, choice: number): Carrier {
  if (over === '-') return links[choice % links.length]
  const all = transports(choice & 16 ? 40_000 : port, choice & 16 ? port : 40_000)
  const usual = all[over === 'tcp' ? 0 : 1]
  return choice & 3 ? usual : all[(choice >> 2) % all.length]
}
