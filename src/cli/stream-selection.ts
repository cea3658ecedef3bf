/** Streams chosen by number: `3` and `tcp:3` are `tcp.stream == 3`, `udp:3` is `udp.stream == 3`. */
import type { StreamName } from '../flow/stream-name.ts'

/** For messages. */
export const STREAM_NOTATION = '3 or tcp:3, udp:3, a list of them, or tcp.stream == 3'

const NAME = /^(?:(tcp|udp)(?:\s*:\s*|\.stream\s*(?:={2,3}|\beq\b)\s*))?(\d{1,9})$/i

/** The streams that `text` names, a comma between each two; undefined if it names none. */
export function parseStreams(text: string): StreamName[] | undefined {
  const names: StreamName[] = []
  for (const part of text.split(',')) {
    const [, protocol = 'tcp', digits] = NAME.exec(part.trim()) ?? []
    if (digits === undefined) return undefined
    names.push({ protocol: protocol.toLowerCase() as StreamName['protocol'], stream: Number(digits) })
  }
  return names
}

/** Which side of a stream. */
export type Side = 'client' | 'server' | 'both'

export const SIDES: readonly Side[] = ['client', 'server', 'both']

/** As a display filter. */
export function streamFilter({ protocol, stream }: StreamName): string {
  return `${protocol}.stream eq ${stream}`
}
