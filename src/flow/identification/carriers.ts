/** Applications of which it matters what they carry in turn: several payloads of their streams are looked at for that. */
import { applications } from '../../protocols/application/index.ts'
import { rpcPrograms } from '../../protocols/application/rpc/program-protocols.ts'
import type { Payload } from '../signatures/payload.ts'
import type { Application } from './verdicts.ts'

/** Those whose decoders tell what they carry. */
const DECODED = ['nbss', 'rpc', 'tpkt', 'nbdgm']

export const CARRIERS: ReadonlySet<string> = new Set([...DECODED, 'http', 'dns', 'proxy'])

/**
 * What may be named above them; all else, such as a body of HTTP, is contents. The number says which of two to show if a stream has both
 * in turn: SMB 1 may only have negotiated SMB 2.
 */
const RANKS: ReadonlyMap<string, number> = new Map<string, number>([
  ...rpcPrograms.map(({ name }): [string, number] => [name, 1]),
  ['portmap', 0],
  ['mount', 0],
  ['smb', 0],
  ['smb2', 1],
  ['cotp', 0],
  ['t125', 0],
  ['t124', 0],
  ['rdp', 1],
  ['s7comm', 1],
  ['mms', 1],
  ['q931', 0],
  ['h225', 1],
  ['h245', 1],
  ['websocket', 1],
  ['bt-tracker', 1],
  ['dnscrypt', 1],
])

const known = new Map(applications.map((protocol) => [protocol.id, protocol]))

/** The protocols with these numbers as applications, up to the first that is contents. */
function carriedApplications(protocols: readonly number[]): readonly Application[] {
  const carried: Application[] = []
  for (const id of protocols) {
    const protocol = known.get(id)
    if (protocol === undefined || !RANKS.has(protocol.name)) break
    carried.push({ name: protocol.name, title: protocol.title })
  }
  return carried
}

const DNS_HEADER = 12
const CERTIFICATE = '\x012\x0ddnscrypt-cert'

const NOTHING: readonly Application[] = []
const WEBSOCKET: readonly Application[] = [{ name: 'websocket', title: 'WebSocket' }]
const DNSCRYPT: readonly Application[] = [{ name: 'dnscrypt', title: 'DNSCrypt' }]
const TRACKER: readonly Application[] = [{ name: 'bt-tracker', title: 'BitTorrent Tracker' }]

/** What the payload of a stream with that name carries; `decoded` asks the decoders. */
export function carriedIn(name: string, payload: Payload, decoded: () => readonly number[]): readonly Application[] {
  if (name === 'http') return carriedInHttp(payload)
  return name === 'dns' ? carriedInDns(payload) : carriedApplications(decoded())
}

/** The question for the certificate of a resolver: "2.dnscrypt-cert" and so on (draft-denis-dprive-dnscrypt §9). */
function carriedInDns(payload: Payload): readonly Application[] {
  return payload.startsWith(CERTIFICATE, DNS_HEADER) ? DNSCRYPT : NOTHING
}

/** What an HTTP message says that the stream carries: the switch to WebSocket (RFC 6455 §4.2.2), a question to a tracker (BEP 3). */
function carriedInHttp(payload: Payload): readonly Application[] {
  if (payload.startsWith('HTTP/1.1 101') && payload.indexOfIgnoringCase('upgrade: websocket') > 0) return WEBSOCKET
  if (payload.startsWith('GET /announce') && payload.indexOf('info_hash=') > 0) return TRACKER
  return NOTHING
}

/** Whether `later` says more than `earlier`: what lies deepest counts; between those that nobody asks for, how deep. */
export function saysMore(later: readonly Application[], earlier: readonly Application[]): boolean {
  const difference = rankOf(later) - rankOf(earlier)
  return difference > 0 || (difference === 0 && rankOf(later) === 0 && later.length > earlier.length)
}

function rankOf(carried: readonly Application[]): number {
  const last = carried.at(-1)
  return last === undefined ? -1 : (RANKS.get(last.name) ?? 0)
}
