/**
 * Sets of constants that are neither integers nor IPv4 addresses (`ranges.ts` has those): a look-up by hash instead of one comparison
 * for each element, since lists of names and addresses come with tens of thousands.
 */
import type { Visit } from '../protocols/field.ts'
import type { Constant, Element } from './checked.ts'

/** Up to here comparing one by one is as fast. */
const FEW = 8

/** What gives the octets of a value that is visited as a place. */
interface Octets {
  readonly octets: Uint8Array
}

export interface ConstantSet {
  /** The elements that are not in the set: ranges, and what is worked out from the packet. */
  readonly rest: readonly Element[]
  /** Hot: whether a value is one of the others. */
  readonly has: (source: Octets) => Visit
}

/** The single constants of `elements` as a set; undefined if there are few. */
export function constantSet(elements: readonly Element[]): ConstantSet | undefined {
  const constants: Constant[] = []
  const rest: Element[] = []
  for (const element of elements) {
    if (element.high === undefined && element.low.type === 'constant' && isSettable(element.low.constant))
      constants.push(element.low.constant)
    else rest.push(element)
  }
  if (constants.length <= FEW) return undefined
  if ('octets' in constants[0]) {
    const tables = octetTables(constants as Prefix[])
    return { rest, has: (source) => (at, length) => holdsOctets(tables, source.octets, at, length) }
  }
  const values = new Set<unknown>(constants.map((constant) => ('value' in constant ? constant.value : undefined)))
  // A calculation with a number of 64 bits may give one of 53.
  const isWide = constants[0].kind === 'wide'
  return { rest, has: () => (value) => values.has(isWide && typeof value === 'number' ? BigInt(value) : value) }
}

/** Times are compared modulo 2^32 seconds; integers and addresses have ranges. */
function isSettable({ kind }: Constant): boolean {
  return kind !== 'time' && kind !== 'ipv4' && kind !== 'integer' && kind !== 'boolean'
}

type Prefix = Extract<Constant, { octets: Uint8Array }>

/** The constants of one length of which as many bits count: their octets one behind the other, and where each is by its hash. */
interface OctetTable {
  readonly size: number
  readonly bits: number
  readonly octets: Uint8Array
  /** Number of the constant, from 1; 0: nothing. A power of two long, and at most half full. */
  readonly slots: Int32Array
}

function octetTables(constants: readonly Prefix[]): readonly OctetTable[] {
  const groups = new Map<string, Prefix[]>()
  for (const constant of constants) {
    const key = `${constant.octets.length}/${constant.bits}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [constant])
    else group.push(constant)
  }
  return [...groups.values()].map(octetTable)
}

function octetTable(constants: readonly Prefix[]): OctetTable {
  const { bits } = constants[0]
  const size = constants[0].octets.length
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * constants.length + 1)))
  const table = { size, bits, octets: new Uint8Array(size * constants.length), slots }
  constants.forEach(({ octets }, i) => {
    table.octets.set(octets, i * size)
    let slot = hash(octets, 0, bits) & (slots.length - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = i + 1
  })
  return table
}

function holdsOctets(tables: readonly OctetTable[], bytes: Uint8Array, at: number, length: number): boolean {
  for (let t = 0; t < tables.length; t++) {
    const { size, bits, octets, slots } = tables[t]
    if (size !== length) continue
    let slot = hash(bytes, at, bits) & (slots.length - 1)
    for (; slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1))
      if (sameBits(bytes, at, octets, (slots[slot] - 1) * size, bits)) return true
  }
  return false
}

/** Of the first `bits` bits (FNV-1a, mixed once more as low bits choose the slot). */
function hash(bytes: Uint8Array, at: number, bits: number): number {
  let sum = 0x811c9dc5
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) sum = Math.imul(sum ^ bytes[at + i], 0x01000193)
  if ((bits & 7) !== 0) sum = Math.imul(sum ^ (bytes[at + whole] >> (8 - (bits & 7))), 0x01000193)
  return sum ^ (sum >>> 15)
}

function sameBits(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[aAt + i] !== b[bAt + i]) return false
  const rest = bits & 7
  return rest === 0 || a[aAt + whole] >> (8 - rest) === b[bAt + whole] >> (8 - rest)
}
