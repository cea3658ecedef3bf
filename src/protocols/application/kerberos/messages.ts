/**
 * The parts of Kerberos messages that are not encrypted, as RFC 4120 §5 defines them in ASN.1: what the members of each sequence
 * are, by context tag, and the fields they have in Wireshark.
 */
import { element, readElement, readInteger } from '../security/asn1.ts'

/** What an element holds: a leaf, which is handed on, or more elements. */
type Shape =
  | { readonly kind: 'leaf'; readonly field: string }
  /** A sequence whose members are told by their tags. */
  | { readonly kind: 'members'; readonly members: Readonly<Record<number, Shape>> }
  /** A sequence of any number of the same. */
  | { readonly kind: 'list'; readonly of: Shape }
  /** Typed data of preauthentication: a number, then octets that it tells the meaning of. */
  | { readonly kind: 'padata'; readonly isReply: boolean }
  /** An element within an application tag, or within an octet string. */
  | { readonly kind: 'wrapped'; readonly of: Shape }

const leaf = (field: string): Shape => ({ kind: 'leaf', field })
const members = (of: Readonly<Record<number, Shape>>): Shape => ({ kind: 'members', members: of })
const list = (of: Shape): Shape => ({ kind: 'list', of })
const wrapped = (of: Shape): Shape => ({ kind: 'wrapped', of })

const principal = (field: string): Shape => members({ 0: leaf('name_type'), 1: list(leaf(field)) })
const clientName = principal('CNameString')
const serverName = principal('SNameString')
const encrypted = members({ 0: leaf('etype'), 1: leaf('kvno'), 2: leaf('cipher') })
const ticket = wrapped(members({ 0: leaf('tkt_vno'), 1: leaf('realm'), 2: serverName, 3: encrypted }))

const requestBody = members({
  0: leaf('kdc_options'),
  1: clientName,
  2: leaf('realm'),
  3: serverName,
  4: leaf('from'),
  5: leaf('till'),
  6: leaf('rtime'),
  7: leaf('nonce'),
  8: list(leaf('ENCTYPE')),
  9: list(members({ 0: leaf('addr_type'), 1: leaf('address') })),
  10: encrypted,
  11: list(ticket),
})

/** Data of PA-FX-FAST (RFC 6113 §5.4): what is encrypted in a request, and in a reply. */
const fastRequest = wrapped(members({ 2: encrypted }))
const fastReply = wrapped(members({ 0: encrypted }))

const request = members({
  1: leaf('pvno'),
  2: leaf('msg_type'),
  3: list({ kind: 'padata', isReply: false }),
  4: requestBody,
})
const reply = members({
  0: leaf('pvno'),
  1: leaf('msg_type'),
  2: list({ kind: 'padata', isReply: true }),
  3: leaf('crealm'),
  4: clientName,
  5: ticket,
  6: encrypted,
})
const applicationRequest = members({
  0: leaf('pvno'),
  1: leaf('msg_type'),
  2: leaf('ap_options'),
  3: ticket,
  4: encrypted,
})

/** By application tag (RFC 4120 §5.10). */
const messages: Readonly<Record<number, Shape>> = {
  1: members({ 0: leaf('tkt_vno'), 1: leaf('realm'), 2: serverName, 3: encrypted }),
  10: request,
  11: reply,
  12: request,
  13: reply,
  14: applicationRequest,
  15: members({ 0: leaf('pvno'), 1: leaf('msg_type'), 2: encrypted }),
  20: members({ 0: leaf('pvno'), 1: leaf('msg_type') }),
  21: members({ 0: leaf('pvno'), 1: leaf('msg_type'), 3: encrypted }),
  22: members({ 0: leaf('pvno'), 1: leaf('msg_type'), 2: list(ticket), 3: encrypted }),
  30: members({
    0: leaf('pvno'),
    1: leaf('msg_type'),
    2: leaf('ctime'),
    3: leaf('cusec'),
    4: leaf('stime'),
    5: leaf('susec'),
    6: leaf('error_code'),
    7: leaf('crealm'),
    8: clientName,
    9: leaf('realm'),
    10: serverName,
    11: leaf('e_text'),
    12: { kind: 'padata', isReply: true },
  }),
}

/** Preauthentication types (RFC 4120 §5.2.7) whose data is looked into: a request within, an encrypted time. */
const PA_TGS_REQUEST = 1
const PA_ENCRYPTED_TIMESTAMP = 2
const PA_FX_FAST = 136

const SEQUENCE = 0x30
const CONTEXT = 0xa0

/** Depth of elements that is followed; Kerberos needs less. */
const MAX_DEPTH = 24
/** Elements of one list that are looked at. */
const MAX_ELEMENTS = 256

/** Called with the field's name (behind `kerberos.`) and where the value's contents lie; `true` stops. */
export type EachValue = (field: string, at: number, end: number) => boolean

/** Calls `each` for the values of the message at `at`, in the order in which they stand there. */
export function eachValue(bytes: Uint8Array, at: number, end: number, each: EachValue): boolean {
  if (!readElement(bytes, at, end)) return false
  const shape = messages[element.tag & 0x1f]
  return shape !== undefined && follow(bytes, element.at, Math.min(element.end, end), shape, each, 0)
}

/** The element at `at` has this shape. */
function follow(bytes: Uint8Array, at: number, end: number, shape: Shape, each: EachValue, depth: number): boolean {
  if (depth > MAX_DEPTH || !readElement(bytes, at, end)) return false
  const from = element.at
  const to = Math.min(element.end, end)
  switch (shape.kind) {
    case 'leaf':
      return element.end <= end && each(shape.field, from, to)
    case 'wrapped':
      return follow(bytes, from, to, shape.of, each, depth + 1)
    case 'list':
      if (element.tag !== SEQUENCE) return false
      return eachOf(bytes, from, to, (itemAt) => follow(bytes, itemAt, to, shape.of, each, depth + 1))
    case 'padata':
      return element.tag === SEQUENCE && followPadata(bytes, from, to, shape.isReply, each, depth)
    case 'members':
      if (element.tag !== SEQUENCE) return false
      return eachOf(bytes, from, to, (_itemAt, tag, inner, innerEnd) => {
        const member = tag >= CONTEXT ? shape.members[tag - CONTEXT] : undefined
        return member !== undefined && follow(bytes, inner, innerEnd, member, each, depth + 1)
      })
  }
}

/** A type, and what is of that type. */
function followPadata(
  bytes: Uint8Array,
  at: number,
  end: number,
  isReply: boolean,
  each: EachValue,
  depth: number,
): boolean {
  let type = -1
  return eachOf(bytes, at, end, (_itemAt, tag, inner, innerEnd) => {
    if (!readElement(bytes, inner, innerEnd)) return false
    const from = element.at
    const to = Math.min(element.end, innerEnd)
    if (tag === CONTEXT + 1) {
      type = readInteger(bytes, from, to)
      return each('padata_type', from, to)
    }
    if (tag !== CONTEXT + 2) return false
    if (each('padata_value', from, to)) return true
    if (type === PA_TGS_REQUEST && readElement(bytes, from, to) && element.tag === 0x6e)
      return follow(bytes, element.at, to, applicationRequest, each, depth + 1)
    if (type === PA_FX_FAST) return follow(bytes, from, to, isReply ? fastReply : fastRequest, each, depth + 1)
    return type === PA_ENCRYPTED_TIMESTAMP && follow(bytes, from, to, encrypted, each, depth + 1)
  })
}

/** Calls `each` with where each element begins, its tag, and where its contents lie. */
function eachOf(
  bytes: Uint8Array,
  from: number,
  end: number,
  each: (at: number, tag: number, inner: number, innerEnd: number) => boolean,
): boolean {
  let at = from
  for (let i = 0; i < MAX_ELEMENTS && readElement(bytes, at, end); i++) {
    const next = element.end
    if (each(at, element.tag, element.at, Math.min(next, end))) return true
    if (next <= at) return false
    at = next
  }
  return false
}
