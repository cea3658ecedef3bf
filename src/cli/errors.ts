/** How a run ends: the only place that prints errors and decides exit codes. */
import type { CaptureError } from '../capture/errors.ts'
import type { CaptureInfo } from '../capture/info.ts'
import type { FilterError } from '../filter/errors.ts'
import { escapeText } from '../report/text.ts'
import { counted } from '../report/units.ts'
import type { Io, Signal } from './io.ts'

/** Done; also when the capture is merely cut short, or nobody reads the output any more. */
export const EXIT_DONE = 0
/** The capture is damaged, is not one, or cannot be read; or what was asked for cannot be written. */
export const EXIT_CAPTURE = 1
/** The command line or the filter is wrong. */
const EXIT_USAGE = 2
/** Done, and what `--fail-on` asks about was found. */
export const EXIT_FOUND = 3
/** A mistake in pcapx itself (`EX_SOFTWARE` of sysexits.h). */
const EXIT_BUG = 70
/** Ended by a signal: 128 and its number, as shells have it. */
export const EXIT_SIGNAL: Readonly<Record<Signal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/** The command line cannot mean anything. `hint` says what would. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** Prints the error and says how the process ends. */
export function fail(error: unknown, io: Io): number {
  if (!(error instanceof Error)) return fail(new Error(String(error)), io)
  try {
    io.stdout.flush()
  } catch {
    // This error is told, whatever becomes of the output before it.
  }
  // Told apart by name, so that an error of a module that was never loaded need not be loaded to be asked for.
  switch (error.name) {
    case 'UsageError': {
      const { hint } = error as UsageError
      say(io, error.message)
      if (hint !== undefined) for (const text of hint.split('\n')) io.stderr.write(`  ${escapeText(text)}\n`)
      return EXIT_USAGE
    }
    case 'FilterError': {
      const [first, ...rest] = (error as FilterError).format().split('\n')
      say(io, first)
      for (const text of rest) io.stderr.write(`${escapeText(text)}\n`)
      return EXIT_USAGE
    }
    case 'CaptureError':
      sayCaptureError(io, error as CaptureError)
      return EXIT_CAPTURE
    default:
      say(io, 'this is a mistake in pcapx, not in what you did; please report it with these lines:')
      for (const text of (error.stack ?? error.message).split('\n')) io.stderr.write(`${escapeText(text)}\n`)
      return EXIT_BUG
  }
}

/** Asked to stop a second time: whatever is in the way, without another word. */
export function endNow(signal: Signal): never {
  process.exit(EXIT_SIGNAL[signal])
}

/** `warning` is for what does not change the exit code. */
export function warn(io: Io, message: string): void {
  say(io, `warning: ${message}`)
}

/** Damage met while reading: what came before it has been reported. */
export function sayDamage(io: Io, damage: CaptureError, packets: number): void {
  sayCaptureError(io, damage)
  if (damage.fault !== 'damaged') return
  const before = packets === 1 ? 'the packet before it is counted' : `the ${packets} packets before it are counted`
  io.stderr.write(`  the file is damaged from here on; ${packets === 0 ? 'no packet comes before it' : before}\n`)
  // What cannot be decompressed has no number, and behind a file header that is not understood nothing can be recognised.
  const canRecover = damage.record !== undefined && damage.offset !== undefined && damage.offset > 0
  if (canRecover) io.stderr.write('  --recover goes on at the next packet that can be recognised\n')
}

/** Damage behind which reading went on, gap by gap. */
export function saySkipped(io: Io, { file, packets, skipped }: CaptureInfo): void {
  if (skipped === undefined) return
  const name = file === '-' ? 'standard input' : file
  for (const { message, offset, bytes, isClosed } of skipped.first) {
    say(io, `${name}: ${message}`)
    const from = `  skipped ${counted(bytes, 'byte')} from byte ${offset} on`
    io.stderr.write(`${from}${isClosed ? '' : ': no further packet can be recognised'}\n`)
  }
  const others = skipped.gaps - skipped.first.length
  const toldBytes = skipped.first.reduce((sum, { bytes }) => sum + bytes, 0)
  if (others > 0)
    say(io, `${name}: skipped ${counted(skipped.bytes - toldBytes, 'byte')} more in ${others} further gaps`)
  io.stderr.write(
    `  skipped in all: ${counted(skipped.bytes, 'byte')}; ${packets === 0 ? 'no packet is' : `${counted(packets, 'packet')} around them are`} counted\n`,
  )
}

function sayCaptureError(io: Io, { fault, file, message, hint }: CaptureError): void {
  const standard = fault === 'unwritable' ? 'standard output' : 'standard input'
  say(io, `${file === '-' ? standard : file}: ${message}`)
  if (hint !== undefined) io.stderr.write(`  ${escapeText(hint)}\n`)
}

function say(io: Io, message: string): void {
  io.stderr.write(`pcapx: ${escapeText(message)}\n`)
}
