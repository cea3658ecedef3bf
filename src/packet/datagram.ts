/** A datagram that comes in fragments: which of its octets are there. Knows places and lengths, and no octets. */

export interface Piece {
  /** Where it lies in the datagram, and how many octets it has. */
  readonly offset: number
  readonly length: number
}

export interface Datagram<P extends Piece> {
  /** By offset; of equal ones the first to arrive stands first. */
  readonly fragments: P[]
  octets: number
  /** Length of the whole, known once the last fragment was seen; -1 before. */
  length: number
  /** The first `joined` fragments cover every octet up to `reached`, without a hole. */
  joined: number
  reached: number
}

export function newDatagram<P extends Piece>(): Datagram<P> {
  return { fragments: [], octets: 0, length: -1, joined: 0, reached: 0 }
}

/** Adds a fragment, which claims to be the last one or not; true if the datagram is whole now. */
export function joinFragment<P extends Piece>(datagram: Datagram<P>, fragment: P, isLast: boolean): boolean {
  // Where two fragments claim to be the last, the first of them is believed.
  if (isLast && datagram.length < 0) datagram.length = fragment.offset + fragment.length
  const { fragments } = datagram
  const place = placeOf(fragments, fragment.offset)
  if (place === fragments.length) fragments.push(fragment)
  else fragments.splice(place, 0, fragment)
  datagram.octets += fragment.length
  if (place < datagram.joined) {
    datagram.joined++
    datagram.reached = Math.max(datagram.reached, fragment.offset + fragment.length)
  }
  // What is known to be without a hole goes on.
  while (datagram.joined < fragments.length && fragments[datagram.joined].offset <= datagram.reached) {
    const next = fragments[datagram.joined++]
    datagram.reached = Math.max(datagram.reached, next.offset + next.length)
  }
  return datagram.length >= 0 && datagram.reached >= datagram.length
}

/** Where a fragment at `offset` belongs: behind all that do not begin later. */
function placeOf(fragments: readonly Piece[], offset: number): number {
  let low = 0
  let high = fragments.length
  // Fragments mostly come in order.
  if (high > 0 && fragments[high - 1].offset <= offset) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (fragments[middle].offset <= offset) low = middle + 1
    else high = middle
  }
  return low
}
