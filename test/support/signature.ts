/** Asks the signatures of `src/flow/signatures` for the name of payloads written out in a test. */
import { signatures } from '../../src/flow/signatures/index.ts'
import { HEAD_LENGTH, Payload } from '../../src/flow/signatures/payload.ts'
import type { Signature } from '../../src/flow/signatures/signature.ts'

export type Octets = string | readonly number[] | Uint8Array

export interface PayloadOptions {
  /** Source and destination; 40000 and 50000 if not given: nobody's ports. */
  readonly ports?: readonly [number, number]
  /** Octets on the wire, if more than were captured. */
  readonly length?: number
  /** False for what is not the first that its sender sends. */
  readonly isFirst?: boolean
}

/** Hexadecimal digits, with spaces anywhere, as octets. */
export function hex(text: string): number[] {
  return [...Buffer.from(text.replace(/\s+/g, ''), 'hex')]
}

/** The first signature that matches the payload, whatever number of payloads it wants; null if there is none. Text is Latin-1. */
export function signatureOf(transport: 'tcp' | 'udp', octets: Octets, options: PayloadOptions = {}): Signature | null {
  const payload = new Payload()
  // Octets around the payload that nothing may look at.
  const content = typeof octets === 'string' ? Buffer.from(octets, 'latin1') : Uint8Array.from(octets)
  payload.bytes = Uint8Array.from([0xee, 0xee, 0xee, ...content, 0xee, 0xee, 0xee])
  payload.at = 3
  payload.end = 3 + Math.min(content.length, HEAD_LENGTH)
  payload.length = options.length ?? content.length
  ;[payload.sourcePort, payload.destinationPort] = options.ports ?? [40_000, 50_000]
  payload.isFirst = options.isFirst ?? true
  return (
    signatures.find(
      (s) =>
        (s.transport === transport || s.transport === 'both') &&
        (s.begins?.includes(content[0]) ?? true) &&
        s.matches(payload),
    ) ?? null
  )
}

/** The name alone. */
export function nameOf(transport: 'tcp' | 'udp', octets: Octets, options: PayloadOptions = {}): string | null {
  return signatureOf(transport, octets, options)?.name ?? null
}
