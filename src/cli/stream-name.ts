/** A stream as it is named on the command line: `3`, `tcp:3`, `udp:3`, `tcp.stream == 3`. */
import type { StreamName } from '../flow/follow.ts'
import { UsageError } from './errors.ts'

const NAME = /^(?:(tcp|udp)(?:\s*:\s*|\.stream\s*(?:={2,3}|\beq\b)\s*))?(\d+)$/i

/** Streams are counted in 32 bits. */
const MOST = 2 ** 31 - 1

/** Throws `UsageError` for whatever names no stream; `example` is a command line that would do. */
export function parseStreamName(text: string, example: string): StreamName {
  const [, protocol = 'tcp', digits] = NAME.exec(text.trim()) ?? []
  if (digits === undefined || Number(digits) > MOST)
    throw new UsageError(
      `${text} names no stream; write 3 or tcp:3 for tcp.stream 3, udp:3 for udp.stream 3`,
      `for example: ${example}`,
    )
  return { protocol: protocol.toLowerCase() as StreamName['protocol'], stream: Number(digits) }
}
